// Pillow's Image.resize, bit for bit: a filter that widens with the scale (antialiasing), in two passes with rounding to
// bytes between them. Source: Pillow 13, src/libImaging/Resample.c and, for nearest, Geometry.c.
import { filledPicture, type Picture } from './picture.ts'

export const resampleFilters = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'] as const
export type ResampleFilter = (typeof resampleFilters)[number]

/** left, upper, right, lower in pixels of the source; fractions are allowed. */
export type ResampleBox = readonly [number, number, number, number]

const precisionBits = 22
const half = 1 << (precisionBits - 1)

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI))

/** Keys 1981 with a = -0.5. */
function bicubic(x: number): number {
  const a = -0.5
  const d = Math.abs(x)
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0
}

function hamming(x: number): number {
  const d = Math.abs(x)
  if (d === 0) return 1
  return d >= 1 ? 0 : (Math.sin(d * Math.PI) / (d * Math.PI)) * (0.54 + 0.46 * Math.cos(d * Math.PI))
}

const kernels: Record<Exclude<ResampleFilter, 'nearest'>, { support: number; weight: (x: number) => number }> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(1 - Math.abs(x), 0) },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: bicubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
}

interface Coefficients {
  /** Taps kept for each output pixel. */
  taps: number
  /** [out] first source pixel, and how many follow. */
  first: Int32Array
  count: Int32Array
  /** [out, taps], fixed point with 22 bits after the point. */
  weights: Int32Array
}

/**
 * Resizes to [height, width], optionally from a box of the source only; pixels outside the box do take part in the
 * filter at its edge, as in Pillow (torchvision's resized_crop cuts first).
 */
export function resize(
  picture: Picture,
  height: number,
  width: number,
  filter: ResampleFilter,
  box: ResampleBox = [0, 0, picture.width, picture.height],
): Picture {
  const [left, upper, right, lower] = box
  if (filter === 'nearest') return resizeNearest(picture, height, width, box)
  const horizontal = (data: Uint8Array, rows: number) => {
    if (width === picture.width && left === 0 && right === width) return data
    return horizontalPass(data, rows, picture.width, coefficients(picture.width, left, right, width, filter))
  }
  const vertical = (data: Uint8Array, columns: number) => {
    if (height === picture.height && upper === 0 && lower === height) return data
    return verticalPass(data, columns, coefficients(picture.height, upper, lower, height, filter))
  }
  // Pillow before 13 always began with the rows; as the sum between the passes is rounded, the order shows in a value.
  const lostRows = picture.height - height
  const isVerticalFirst = lostRows > 0 && lostRows > 2 * (picture.width - width)
  const data = isVerticalFirst
    ? horizontal(vertical(picture.data, picture.width), height)
    : vertical(horizontal(picture.data, picture.height), width)
  return { height, width, channels: 3, data: data === picture.data ? data.slice() : data }
}

function coefficients(size: number, start: number, end: number, outSize: number, filter: ResampleFilter): Coefficients {
  const { support, weight } = kernels[filter as Exclude<ResampleFilter, 'nearest'>]
  // The box is single precision in Pillow.
  const from = Math.fround(start)
  const scale = Math.fround(Math.fround(end) - from) / outSize
  const filterScale = Math.max(scale, 1)
  const reach = support * filterScale
  const taps = Math.ceil(reach) * 2 + 1
  const [first, count] = [new Int32Array(outSize), new Int32Array(outSize)]
  const weights = new Int32Array(outSize * taps)
  const row = new Float64Array(taps)
  for (let out = 0; out < outSize; out++) {
    const centre = from + (out + 0.5) * scale
    const lowest = Math.max(Math.trunc(centre - reach + 0.5), 0)
    const n = Math.min(Math.trunc(centre + reach + 0.5), size) - lowest
    let sum = 0
    for (let i = 0; i < n; i++) {
      const w = weight((i + lowest - centre + 0.5) * (1 / filterScale))
      row[i] = w
      sum += w
    }
    for (let i = 0; i < n; i++) {
      const w = ((row[i] as number) / (sum === 0 ? 1 : sum)) * (1 << precisionBits)
      weights[out * taps + i] = Math.trunc(w < 0 ? w - 0.5 : w + 0.5)
    }
    first[out] = lowest
    count[out] = n
  }
  return { taps, first, count, weights }
}

/** data [height, width, 3] -> [height, out, 3] */
function horizontalPass(data: Uint8Array, height: number, width: number, along: Coefficients): Uint8Array {
  const { taps, first, count, weights } = along
  const outWidth = first.length
  const result = new Uint8ClampedArray(height * outWidth * 3)
  let to = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      let from = (y * width + (first[x] as number)) * 3
      let [red, green, blue] = [half, half, half]
      const end = x * taps + (count[x] as number)
      for (let tap = x * taps; tap < end; tap++) {
        const weight = weights[tap] as number
        red = (red + Math.imul(weight, data[from] as number)) | 0
        green = (green + Math.imul(weight, data[from + 1] as number)) | 0
        blue = (blue + Math.imul(weight, data[from + 2] as number)) | 0
        from += 3
      }
      result[to] = red >> precisionBits
      result[to + 1] = green >> precisionBits
      result[to + 2] = blue >> precisionBits
      to += 3
    }
  }
  return new Uint8Array(result.buffer)
}

/** data [height, width, 3] -> [out, width, 3] */
function verticalPass(data: Uint8Array, width: number, along: Coefficients): Uint8Array {
  const { taps, first, count, weights } = along
  const stride = width * 3
  const result = new Uint8ClampedArray(first.length * stride)
  let to = 0
  for (let y = 0; y < first.length; y++) {
    const top = (first[y] as number) * stride
    const begin = y * taps
    const end = begin + (count[y] as number)
    // Four bytes at a time hide the delay of each sum; a row has a multiple of three, so some are left.
    let i = 0
    for (; i + 4 <= stride; i += 4) {
      let [a, b, c, d] = [half, half, half, half]
      let from = top + i
      for (let tap = begin; tap < end; tap++) {
        const weight = weights[tap] as number
        a = (a + Math.imul(weight, data[from] as number)) | 0
        b = (b + Math.imul(weight, data[from + 1] as number)) | 0
        c = (c + Math.imul(weight, data[from + 2] as number)) | 0
        d = (d + Math.imul(weight, data[from + 3] as number)) | 0
        from += stride
      }
      result[to] = a >> precisionBits
      result[to + 1] = b >> precisionBits
      result[to + 2] = c >> precisionBits
      result[to + 3] = d >> precisionBits
      to += 4
    }
    for (; i < stride; i++) {
      let sum = half
      for (let tap = begin; tap < end; tap++) {
        sum = (sum + Math.imul(weights[tap] as number, data[top + i + (tap - begin) * stride] as number)) | 0
      }
      result[to++] = sum >> precisionBits
    }
  }
  return new Uint8Array(result.buffer)
}

function resizeNearest(
  { width: fromWidth, height: fromHeight, data }: Picture,
  height: number,
  width: number,
  box: ResampleBox,
) {
  const result = filledPicture(height, width)
  const rows = nearestSources(fromHeight, box[1], box[3], height)
  const columns = nearestSources(fromWidth, box[0], box[2], width)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = ((rows[y] as number) * fromWidth + (columns[x] as number)) * 3
      const to = (y * width + x) * 3
      for (let c = 0; c < 3; c++) result.data[to + c] = data[from + c] as number
    }
  }
  return result
}

/** The steps are summed up, as in Pillow: multiplying would round otherwise at borders between pixels. */
function nearestSources(size: number, start: number, end: number, outSize: number): Int32Array {
  const step = Math.fround(Math.fround(end) - Math.fround(start)) / outSize
  const sources = new Int32Array(outSize)
  let at = Math.fround(start) + step * 0.5
  for (let out = 0; out < outSize; out++) {
    sources[out] = Math.min(Math.trunc(at), size - 1)
    at += step
  }
  return sources
}
