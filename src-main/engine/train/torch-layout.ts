// TensorFlow keeps convolutions as [height, width, in, out] and linear layers as [in, out]; PyTorch as [out, in, height, width]
// and [out, in]. Everything else is the same.
import type { ParameterRole } from '../nn/parameters.ts'

/** Values and shape in PyTorch's layout. */
export function toTorchLayout(
  values: Float32Array,
  shape: readonly number[],
  role: ParameterRole,
): { values: Float32Array; shape: number[] } {
  const axes = torchAxes(shape, role)
  return { values: permute(values, shape, axes), shape: axes.map((axis) => shape[axis] ?? 1) }
}

/** Values in TensorFlow's layout of `shape`, from PyTorch's. */
export function fromTorchLayout(values: Float32Array, shape: readonly number[], role: ParameterRole): Float32Array {
  const axes = torchAxes(shape, role)
  const inverse = axes.map((_, axis) => axes.indexOf(axis))
  return permute(
    values,
    axes.map((axis) => shape[axis] ?? 1),
    inverse,
  )
}

function torchAxes(shape: readonly number[], role: ParameterRole): number[] {
  if (role === 'conv-weight' && shape.length === 4) return [3, 2, 0, 1]
  if (role === 'linear-weight') return [1, 0]
  return shape.map((_, axis) => axis)
}

/** Transposes row-major `values` of `shape` so that result axis i is input axis axes[i]. */
function permute(values: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  const sizes = axes.map((axis) => shape[axis] ?? 1)
  const steps = axes.map((axis) => strides[axis] ?? 1)
  const result = new Float32Array(values.length)
  const position = sizes.map(() => 0)
  let source = 0
  for (let i = 0; i < result.length; i++) {
    result[i] = values[source] ?? 0
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      position[axis] = (position[axis] ?? 0) + 1
      source += steps[axis] ?? 0
      if ((position[axis] ?? 0) < (sizes[axis] ?? 1)) break
      source -= (sizes[axis] ?? 1) * (steps[axis] ?? 0)
      position[axis] = 0
    }
  }
  return result
}
