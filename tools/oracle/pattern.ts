// The numbers that stand in for weights and pictures in the oracle, as pattern.py makes them. See README.md.

const imagesStream = 10_000
const projectionStream = 20_000

/** `count` numbers in [-1, 1) of a stream, equal to Python's to the last bit. */
export function pattern(stream: number, count: number): Float32Array {
  const key = Math.imul(stream + 1, 0x85ebca77)
  return Float32Array.from({ length: count }, (_, i) => {
    let h = Math.imul(i + 1, 0x9e3779b1) ^ key
    h ^= h >>> 15
    h = Math.imul(h, 0x2c1b3c6d)
    h ^= h >>> 12
    h = Math.imul(h, 0x297a2d39)
    h ^= h >>> 15
    return (h >>> 0) / 2 ** 31 - 1
  })
}

/** Parameter number `p` of a network in PyTorch's layout; `name` and `shape` as networks.json lists them. */
export function patternParameter(p: number, name: string, shape: readonly number[]): Float32Array {
  const u = pattern(
    p,
    shape.reduce((a, b) => a * b, 1),
  )
  const fround = Math.fround
  if (shape.length > 1) {
    const scale = fround(Math.sqrt(3 / shape.slice(1).reduce((a, b) => a * b, 1)))
    return u.map((v) => scale * v)
  }
  if (name.endsWith('bias')) return u.map((v) => fround(0.1) * v)
  if (name.includes('norm')) return u.fill(1)
  if (name.startsWith('s')) return u.map((v) => 0.25 + fround(fround(0.025) * v))
  return u.map((v) => 1 + fround(fround(0.1) * v))
}

/** The batch of pictures as row-major [batch, size, size, channels]. */
export function patternImages(batch: number, size: number, channels: number): Float32Array {
  return pattern(imagesStream, batch * size * size * channels).map((v) => v * 1.5)
}

/** Projection of the gradient of parameter `p`, in PyTorch's layout, on its own stream. */
export function patternProjection(p: number, gradient: ArrayLike<number>): number {
  return pattern(projectionStream + p, gradient.length).reduce((sum, v, i) => sum + v * (gradient[i] as number), 0)
}

/** OIHW to HWIO, the layout of TensorFlow's filters; for two axes [out, in] to [in, out]; other shapes stay. */
export function toTensorflowLayout(values: Float32Array, shape: readonly number[]): Float32Array {
  return permute(
    values,
    shape,
    shape.length === 4 ? [2, 3, 1, 0] : shape.length === 2 ? [1, 0] : shape.map((_, i) => i),
  )
}

/** The inverse of `toTensorflowLayout`; `shape` is still PyTorch's. */
export function toPytorchLayout(values: Float32Array, shape: readonly number[]): Float32Array {
  if (shape.length === 4) {
    const [o, i, h, w] = shape as [number, number, number, number]
    return permute(values, [h, w, i, o], [3, 2, 0, 1])
  }
  if (shape.length === 2) return permute(values, [shape[1] as number, shape[0] as number], [1, 0])
  return values
}

function permute(values: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1))
  const to = axes.map((axis) => shape[axis] as number)
  const out = new Float32Array(values.length)
  const index = to.map(() => 0)
  for (let n = 0; n < out.length; n += 1) {
    out[n] = values[index.reduce((sum, at, d) => sum + at * (strides[axes[d] as number] as number), 0)] as number
    for (let d = to.length - 1; d >= 0; d -= 1) {
      index[d] = (index[d] as number) + 1
      if ((index[d] as number) < (to[d] as number)) break
      index[d] = 0
    }
  }
  return out
}
