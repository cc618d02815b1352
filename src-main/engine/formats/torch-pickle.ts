// What PyTorch's checkpoints may name (torch/_utils.py, torch/serialization.py): storages, the functions that make tensors
// of them, ordered dicts. Devices are left out, since every value is read into memory.
import { isKind, isShape, type PickleValue, type PickleVocabulary, plainData } from './pickle-values.ts'
import type { SafetensorsDtype } from './safetensors.ts'

/** A stretch of values in the container, by the key that its bytes lie under. */
export interface TorchStorage {
  kind: 'storage'
  key: string
  dtype: SafetensorsDtype
  /** Values from the start of the stored bytes; other than 0 only for old files that share storages. */
  start: number
  elements: number
}

/** A view of a storage; offset and strides count values. */
export interface TorchTensor {
  kind: 'tensor'
  storage: TorchStorage
  offset: number
  shape: number[]
  strides: number[]
}

const storageTypes: Record<string, SafetensorsDtype> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
}

const makers: Record<string, (args: PickleValue[]) => PickleValue> = {
  'collections.OrderedDict': ([pairs]) => orderedDict(pairs ?? []),
  'torch._utils._rebuild_tensor': ([storage, offset, shape, strides]) => tensor(storage, offset, shape, strides),
  'torch._utils._rebuild_tensor_v2': ([storage, offset, shape, strides]) => tensor(storage, offset, shape, strides),
  'torch._utils._rebuild_parameter': ([data]) => (isKind(data, 'tensor') ? data : null),
  'torch.Size': ([sizes]) => (isShape(sizes) ? sizes : null),
  'torch.device': () => ({ kind: 'opaque', name: 'torch.device' }),
  // Learning rates and the like in the states of optimizers: no weights, so their value does not matter.
  'numpy._core.multiarray.scalar': () => ({ kind: 'opaque', name: 'numpy.scalar' }),
}

/** The names of a PyTorch checkpoint; `onStorage` hears of every storage that it refers to. */
export function torchVocabulary(onStorage: (storage: TorchStorage) => void): PickleVocabulary {
  return {
    expected: 'tensors, numbers and texts in dicts and lists',
    fix: 'Open the file with PyTorch, if you trust it, and save its weights alone: torch.save(model.state_dict(), path).',
    understands: (name) =>
      Object.hasOwn(storageTypes, name) || Object.hasOwn(makers, name) || plainData.understands(name),
    construct: (name, args) =>
      Object.hasOwn(makers, name) ? (makers[name]?.(args) ?? null) : plainData.construct(name, args),
    load(id) {
      const storage = storageOf(id)
      if (storage !== null) onStorage(storage)
      return storage
    },
  }
}

/** From ('storage', type, key, device, elements) and, in old files, (key of the part, start, elements of the part). */
function storageOf(id: PickleValue): TorchStorage | null {
  if (!Array.isArray(id)) return null
  const [word, type, key, , elements, part] = id
  const dtype = isKind(type, 'global') ? storageTypes[type.name] : undefined
  if (word !== 'storage' || dtype === undefined || typeof key !== 'string' || !isCount(elements)) return null
  if (part === null || part === undefined) return { kind: 'storage', key, dtype, start: 0, elements }
  const [, start, size] = Array.isArray(part) ? part : []
  if (!isCount(start) || !isCount(size) || start + size > elements) return null
  return { kind: 'storage', key, dtype, start, elements: size }
}

function tensor(
  storage: PickleValue | undefined,
  offset: PickleValue | undefined,
  shape: PickleValue | undefined,
  strides: PickleValue | undefined,
): TorchTensor | null {
  if (!isKind(storage, 'storage') || !isCount(offset) || !isShape(shape) || !isShape(strides)) return null
  return shape.length === strides.length ? { kind: 'tensor', storage, offset, shape, strides } : null
}

function orderedDict(pairs: PickleValue): PickleValue {
  if (!Array.isArray(pairs)) return null
  const dict = new Map<PickleValue, PickleValue>()
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) return null
    dict.set(pair[0] ?? null, pair[1] ?? null)
  }
  return dict
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
