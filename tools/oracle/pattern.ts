// The numbers that stand in for weights and pictures in the oracle, as pattern.py makes them. See README.md.

const imagesStream = 10_000
const projectionStream = 20_000

/** `count` numbers in [-1, 1) of a stream, equal to Python's to the last bit. */
export function pattern(stream: number, count: number): Float32Array {
  const key = Math.imul(stream + 1, 0x85ebca77)
  const values = new Float32Array(count)
  for (let i = 0; i < count; i += 1) {
    let h = Math.imul(i + 1, 0x9e3779b1) ^ key
    h ^= h >>> 15
    h = Math.imul(h, 0x2c1b3c6d)
    h ^= h >>> 12
    h = Math.imul(h, 0x297a2d39)
    h ^= h >>> 15
    values[i] = (h >>> 0) / 2 ** 31 - 1
  }
  return values
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
    // A loop: map calls a function for each of millions of values, at fifty times the cost.
    for (let i = 0; i < u.length; i += 1) u[i] = scale * (u[i] as number)
    return u
  }
  if (name.endsWith('bias')) return u.map((v) => fround(0.1) * v)
  if (name.includes('norm')) return u.fill(1)
  return u.map((v) => 1 + fround(fround(0.1) * v))
}

/** The batch of pictures as row-major [batch, size, size, channels]. */
export function patternImages(batch: number, size: number, channels: number, seed = 0): Float32Array {
  return pattern(imagesStream + seed, batch * size * size * channels).map((v) => v * 1.5)
}

/** Projection of the gradient of parameter `p`, in PyTorch's layout, on its own stream. */
export function patternProjection(p: number, gradient: ArrayLike<number>): number {
  return pattern(projectionStream + p, gradient.length).reduce((sum, v, i) => sum + v * (gradient[i] as number), 0)
}
