// tf.image.resize without antialiasing: what networks trained with TensorFlow's input code saw. Sources: TensorFlow 2.21,
// core/kernels/image/resize_bilinear_op.cc, resize_bicubic_op.cc, resize_area_op.cc.
import type { Picture } from './picture.ts'

export const tensorflowMethods = ['bilinear', 'bicubic', 'area'] as const
export type TensorflowMethod = (typeof tensorflowMethods)[number]

/** One output row or column: the source places and their weights. */
interface Taps {
  places: number[]
  weights: number[]
}

/**
 * Resizes to [height, width, 3], float32 in 0..255 and not rounded. Bilinear and bicubic take pixel centres at halves
 * (TF 2) and look at two and four neighbours whatever the scale; area averages what an output pixel covers.
 */
export function resizeTensorflow(
  picture: Picture,
  height: number,
  width: number,
  method: TensorflowMethod,
): Float32Array {
  const rows = taps(picture.height, height, method)
  const columns = taps(picture.width, width, method)
  const result = new Float32Array(height * width * 3)
  let to = 0
  for (const row of rows) {
    for (const column of columns) {
      for (let c = 0; c < 3; c++) {
        let sum = 0
        for (let i = 0; i < row.places.length; i++) {
          let line = 0
          for (let j = 0; j < column.places.length; j++) {
            const at = ((row.places[i] as number) * picture.width + (column.places[j] as number)) * 3 + c
            line += (column.weights[j] as number) * (picture.data[at] as number)
          }
          sum += (row.weights[i] as number) * line
        }
        result[to++] = sum
      }
    }
  }
  return result
}

const tapsOf: Record<TensorflowMethod, (at: number, scale: number, size: number) => Taps> = {
  bilinear: bilinearTaps,
  bicubic: bicubicTaps,
  area: areaTaps,
}

function taps(size: number, outSize: number, method: TensorflowMethod): Taps[] {
  const scale = Math.fround(size / outSize)
  return Array.from({ length: outSize }, (_, at) => tapsOf[method](at, scale, size))
}

function bilinearTaps(at: number, scale: number, size: number): Taps {
  const centre = Math.fround((at + 0.5) * scale - 0.5)
  const below = Math.floor(centre)
  const share = centre - below
  return { places: [Math.max(below, 0), Math.min(Math.ceil(centre), size - 1)], weights: [1 - share, share] }
}

/** Keys 1981 with a = -0.5, in 1024 steps; weights outside the picture are shared out among the others. */
function bicubicTaps(at: number, scale: number, size: number): Taps {
  const centre = Math.fround((at + 0.5) * scale - 0.5)
  const below = Math.floor(centre)
  const share = Math.round((centre - below) * 1024) / 1024
  const near = (x: number) => (1.5 * x - 2.5) * x * x + 1
  const far = (x: number) => ((-0.5 * x + 2.5) * x - 4) * x + 2
  const weights = [far(1 + share), near(share), near(1 - share), far(2 - share)]
  const inside = weights
    .map((weight, i) => ({ place: below - 1 + i, weight }))
    .filter(({ place }) => place >= 0 && place < size)
  const sum = inside.reduce((total, { weight }) => total + weight, 0)
  return { places: inside.map(({ place }) => place), weights: inside.map(({ weight }) => weight / sum) }
}

function areaTaps(at: number, scale: number, size: number): Taps {
  const [start, end] = [Math.fround(at * scale), Math.fround((at + 1) * scale)]
  const first = Math.floor(start)
  const count = Math.ceil(end) - first
  const places = Array.from({ length: count }, (_, i) => Math.min(first + i, size - 1))
  const weights = Array.from({ length: count }, (_, i) => {
    const covered = Math.min(first + i + 1, end) - Math.max(first + i, start)
    return covered / scale
  })
  return { places, weights }
}
