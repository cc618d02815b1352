// The weights of a PyTorch checkpoint: the state dict in it, wherever it lies, as named tensors.
import { RepriseError } from '../../shared/errors.ts'
import { inWords, isKind, type PickleValue } from './pickle-values.ts'
import type { SafetensorsTensor } from './safetensors.ts'
import { contiguousTensor } from './strided-tensor.ts'
import { readTorchContainer } from './torch-containers.ts'
import type { TorchTensor } from './torch-pickle.ts'

export interface NamedWeights {
  tensors: SafetensorsTensor[]
  /** What the reader decided, as sentences: where the weights lay, what was left out. */
  notes: string[]
}

interface StateDict {
  path: string[]
  tensors: Map<string, TorchTensor>
}

/** Keys that training programs save the weights under, first choice first. */
const usualKeys = ['state_dict', 'model_state_dict', 'model', 'network', 'net']
const deepest = 4
const wrapper = 'module.'
const spareCopyBytes = 64 * 1024 * 1024

/**
 * The tensors of the state dict of a .pth or .pt file, contiguous and little-endian, in its order; runs no code.
 * Throws `data-truncated`, or `data-format` when the file is damaged, holds a model's code instead of weights, holds no
 * state dict, or holds several without a usual name.
 */
export async function readTorchCheckpoint(bytes: Uint8Array, file: string): Promise<NamedWeights> {
  const { root, storages } = await readTorchContainer(bytes, file)
  const { path, tensors } = chooseStateDict(root, file)
  const notes: string[] = []
  if (path.length > 0) {
    const others = root instanceof Map ? [...root.keys()].filter((key) => key !== path[0]).map(inWords) : []
    const beside = others.length > 0 ? ` It also holds ${others.slice(0, 12).join(', ')}, which are not read.` : ''
    notes.push(`The weights lie under "${path.join('.')}" in the file.${beside}`)
  }
  const names = [...tensors.keys()]
  const wrapped = names.every((name) => name.startsWith(wrapper))
  if (wrapped) notes.push(`Every name began with "${wrapper}", as torch.nn.DataParallel writes it; it is left out.`)
  const budget = { bytesLeft: 4 * bytes.length + spareCopyBytes }
  return {
    notes,
    tensors: names.map((key) => {
      const tensor = tensors.get(key) as TorchTensor
      const name = wrapped ? key.slice(wrapper.length) : key
      return contiguousTensor(name, tensor, storages.get(tensor.storage.key) ?? new Uint8Array(), budget)
    }),
  }
}

function chooseStateDict(root: PickleValue, file: string): StateDict {
  const found = stateDicts(root)
  const [only] = found
  if (found.length === 1 && only) return only
  for (const key of usualKeys) {
    const usual = found.find(({ path }) => path.at(-1) === key)
    if (usual) return usual
  }
  throw new RepriseError({
    code: 'data-format',
    message: `${file} holds ${found.length === 0 ? 'no state dict' : 'several state dicts'}`,
    expected: `a dict of tensors only, by itself or under one of ${usualKeys.join(', ')}`,
    found: found.length === 0 ? kindOf(root) : found.map(({ path }) => path.join('.')).join(', '),
    fix: 'Save the weights alone with torch.save(model.state_dict(), path).',
  })
}

/** All dicts of tensors that texts lead to; each dict is visited once, so that cycles and shared parts cost nothing. */
function stateDicts(root: PickleValue): StateDict[] {
  const found: StateDict[] = []
  const visited = new Set<PickleValue>()
  const waiting: { value: PickleValue; path: string[] }[] = [{ value: root, path: [] }]
  for (const { value, path } of waiting) {
    if (!(value instanceof Map) || visited.has(value)) continue
    visited.add(value)
    const entries = [...value].filter((entry): entry is [string, PickleValue] => typeof entry[0] === 'string')
    const tensors = entries.filter((entry): entry is [string, TorchTensor] => isKind(entry[1], 'tensor'))
    if (tensors.length > 0 && tensors.length === value.size) found.push({ path, tensors: new Map(tensors) })
    else if (path.length < deepest)
      for (const [key, inner] of entries) waiting.push({ value: inner, path: [...path, key] })
  }
  return found
}

function kindOf(value: PickleValue): string {
  if (value instanceof Map) return `a dict of ${[...value.keys()].slice(0, 12).map(inWords).join(', ') || 'nothing'}`
  if (isKind(value, 'tensor')) return 'a single tensor'
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}
