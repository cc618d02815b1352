// Tensors of PyTorch as contiguous values: a view where the file's bytes already are, a copy where strides differ.
import { RepriseError } from '../../shared/errors.ts'
import { bytesPerValue, type SafetensorsTensor } from './safetensors.ts'
import type { TorchTensor } from './torch-pickle.ts'

/** Counts the bytes that copies may take in all, so that a small file cannot ask for any amount of memory. */
export interface CopyBudget {
  bytesLeft: number
}

/**
 * The tensor's values, row-major. Throws `data-format` when it reaches outside its storage, or when `budget` is spent:
 * overlapping strides can make few bytes stand for many.
 */
export function contiguousTensor(
  name: string,
  tensor: TorchTensor,
  storage: Uint8Array,
  budget: CopyBudget,
): SafetensorsTensor {
  const { dtype, start, elements } = tensor.storage
  const { shape, strides } = tensor
  const size = bytesPerValue[dtype]
  const count = shape.reduce((product, axis) => product * axis, 1)
  const made = { name, dtype, shape }
  if (count === 0) return { ...made, data: new Uint8Array() }
  const last = tensor.offset + shape.reduce((sum, axis, i) => sum + (axis - 1) * (strides[i] ?? 0), 0)
  const held = Math.min(elements, Math.floor(storage.length / size) - start)
  if (!(last < held)) throw outside(name, `values within the ${held} of its storage`, `a value at ${last}`)
  const first = (start + tensor.offset) * size
  if (isContiguous(shape, strides)) return { ...made, data: storage.subarray(first, first + count * size) }
  budget.bytesLeft -= count * size
  if (!(budget.bytesLeft >= 0)) throw outside(name, 'strides that use each value about once', `${count} values`)
  return { ...made, data: gather(storage, first, shape, strides, size, count) }
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] ?? 1
    if (length !== 1 && strides[axis] !== expected) return false
    expected *= length
  }
  return true
}

function gather(
  storage: Uint8Array,
  first: number,
  shape: readonly number[],
  strides: readonly number[],
  size: number,
  count: number,
): Uint8Array {
  const result = new Uint8Array(count * size)
  const position = shape.map(() => 0)
  let source = first
  for (let at = 0; at < result.length; at += size) {
    for (let byte = 0; byte < size; byte++) result[at + byte] = storage[source + byte] ?? 0
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = (strides[axis] ?? 0) * size
      position[axis] = (position[axis] ?? 0) + 1
      source += step
      if ((position[axis] ?? 0) < (shape[axis] ?? 1)) break
      source -= (shape[axis] ?? 1) * step
      position[axis] = 0
    }
  }
  return result
}

function outside(name: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `The tensor ${name} cannot be read`,
    expected,
    found,
    fix: 'Get the file again from its source, or save it again with torch.save.',
  })
}
