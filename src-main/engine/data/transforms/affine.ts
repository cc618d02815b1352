// Pillow's Image.transform(AFFINE) and Image.rotate, bit for bit. Source: Pillow 13, src/libImaging/Geometry.c, Image.py.
import { filledPicture, flipHorizontal, flipVertical, type Picture } from './picture.ts'

export type AffineFilter = 'nearest' | 'bilinear' | 'bicubic'

/** How pixels between those of the source are made, and the colour of what comes from outside of it. */
export interface AffineOptions {
  filter: AffineFilter
  fill: readonly [number, number, number]
}

/** Output (x, y) to source: (a x + b y + c, d x + e y + f), in pixels with centres at halves. */
export type AffineMatrix = readonly [number, number, number, number, number, number]

/** A picture of the same size whose pixels come from where `matrix` points. */
export function affine(picture: Picture, matrix: AffineMatrix, { filter, fill }: AffineOptions): Picture {
  if (filter !== 'nearest') return affineFiltered(picture, matrix, filter, fill)
  return matrix[1] === 0 && matrix[3] === 0
    ? affineNearestScaled(picture, matrix, fill)
    : affineNearest(picture, matrix, fill)
}

/** Turns counter-clockwise about the middle and keeps the size; multiples of a right angle move pixels unchanged. */
export function rotate(picture: Picture, degrees: number, options: AffineOptions): Picture {
  const { height, width } = picture
  const angle = ((degrees % 360) + 360) % 360
  if (angle === 0) return { ...picture, data: picture.data.slice() }
  if (angle === 180) return flipVertical(flipHorizontal(picture))
  if ((angle === 90 || angle === 270) && height === width) {
    const transposed = filledPicture(width, height)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const to = (x * height + y) * 3
        for (let c = 0; c < 3; c++) transposed.data[to + c] = picture.data[(y * width + x) * 3 + c] as number
      }
    }
    return angle === 90 ? flipVertical(transposed) : flipHorizontal(transposed)
  }
  const radians = -((angle * Math.PI) / 180)
  // Image.rotate rounds to 15 digits, so that right angles have exact zeros.
  const rounded = (value: number) => Number(value.toFixed(15))
  const [cos, sin] = [rounded(Math.cos(radians)), rounded(Math.sin(radians))]
  const minusSin = rounded(-Math.sin(radians))
  const [cx, cy] = [width / 2, height / 2]
  const c = cos * -cx + sin * -cy + 0 + cx
  const f = minusSin * -cx + cos * -cy + 0 + cy
  return affine(picture, [cos, sin, c, minusSin, cos, f], options)
}

/** Without shear Pillow sums up the steps in double precision. */
function affineNearestScaled(picture: Picture, [a, , c, , e, f]: AffineMatrix, fill: readonly number[]): Picture {
  const { height, width, data } = picture
  const result = filledPicture(height, width, fill)
  const columns = new Int32Array(width)
  let from = c + a * 0.5
  for (let x = 0; x < width; x++) {
    columns[x] = from < 0 || from >= width ? -1 : from
    from += a
  }
  let row = f + e * 0.5
  for (let y = 0; y < height; y++) {
    if (row >= 0 && row < height) {
      for (let x = 0; x < width; x++) {
        const column = columns[x] as number
        if (column < 0) continue
        const at = (Math.trunc(row) * width + column) * 3
        const to = (y * width + x) * 3
        for (let channel = 0; channel < 3; channel++) result.data[to + channel] = data[at + channel] as number
      }
    }
    row += e
  }
  return result
}

/** 16 bits after the point, as Pillow's affine_fixed. */
function affineNearest(picture: Picture, matrix: AffineMatrix, fill: readonly number[]): Picture {
  const { height, width, data } = picture
  const result = filledPicture(height, width, fill)
  const fixed = (value: number) => Math.floor(value * 65536 + 0.5)
  const [a, b, c, d, e, f] = matrix
  let rowX = fixed(c + a * 0.5 + b * 0.5)
  let rowY = fixed(f + d * 0.5 + e * 0.5)
  const [stepX, stepY] = [fixed(a), fixed(d)]
  for (let y = 0; y < height; y++) {
    let [fromX, fromY] = [rowX, rowY]
    for (let x = 0; x < width; x++) {
      const [column, row] = [Math.floor(fromX / 65536), Math.floor(fromY / 65536)]
      if (column >= 0 && column < width && row >= 0 && row < height) {
        const at = (row * width + column) * 3
        const to = (y * width + x) * 3
        for (let channel = 0; channel < 3; channel++) result.data[to + channel] = data[at + channel] as number
      }
      fromX += stepX
      fromY += stepY
    }
    rowX += fixed(b)
    rowY += fixed(e)
  }
  return result
}

/** Keys 1981 with a = -1 on four neighbours, as Pillow's BICUBIC macro; `d` is the way from `v2` to `v3`. */
function cubic(v1: number, v2: number, v3: number, v4: number, d: number): number {
  return v2 + d * (-v1 + v3 + d * (2 * (v1 - v2) + v3 - v4 + d * (-v1 + v2 - v3 + v4)))
}

const clampedByte = (value: number) => (value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value))

/** Neighbours beyond the border repeat it; a point outside the picture takes `fill`. The result is cut, not rounded. */
function affineFiltered(
  picture: Picture,
  [a, b, c, d, e, f]: AffineMatrix,
  filter: 'bilinear' | 'bicubic',
  fill: readonly number[],
): Picture {
  const { height, width } = picture
  const result = filledPicture(height, width, fill)
  const write = filter === 'bicubic' ? writeBicubic : writeBilinear
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = a * (x + 0.5) + b * (y + 0.5) + c
      const fromY = d * (x + 0.5) + e * (y + 0.5) + f
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue
      write(picture, fromX - 0.5, fromY - 0.5, result.data, (y * width + x) * 3)
    }
  }
  return result
}

const clamped = (place: number, size: number) => (place < 0 ? 0 : Math.min(place, size - 1))

function writeBilinear({ height, width, data }: Picture, x: number, y: number, out: Uint8Array, to: number): void {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [dx, dy] = [x - left, y - top]
  const [x0, x1] = [clamped(left, width) * 3, clamped(left + 1, width) * 3]
  const [y0, y1] = [clamped(top, height) * width * 3, clamped(top + 1, height) * width * 3]
  for (let c = 0; c < 3; c++) {
    const upperLeft = data[y0 + x0 + c] as number
    const lowerLeft = data[y1 + x0 + c] as number
    const upper = upperLeft + ((data[y0 + x1 + c] as number) - upperLeft) * dx
    const lower = lowerLeft + ((data[y1 + x1 + c] as number) - lowerLeft) * dx
    out[to + c] = upper + (lower - upper) * dy
  }
}

function writeBicubic({ height, width, data }: Picture, x: number, y: number, out: Uint8Array, to: number): void {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [dx, dy] = [x - left, y - top]
  const [x0, x1] = [clamped(left - 1, width) * 3, clamped(left, width) * 3]
  const [x2, x3] = [clamped(left + 1, width) * 3, clamped(left + 2, width) * 3]
  const line = (row: number, c: number) => {
    const at = clamped(row, height) * width * 3 + c
    return cubic(data[at + x0] as number, data[at + x1] as number, data[at + x2] as number, data[at + x3] as number, dx)
  }
  for (let c = 0; c < 3; c++) {
    out[to + c] = clampedByte(cubic(line(top - 1, c), line(top, c), line(top + 1, c), line(top + 2, c), dy))
  }
}
