// A decoded colour picture of any size, and the cuts that copy pixels without changing them.
import { inPixelMemory, pictureBytes, placesFor } from './pixel-memory.ts'

export interface Picture {
  height: number
  width: number
  channels: 3
  /** [height, width, 3], RGB. */
  data: Uint8Array
}

/** A picture whose values lie about 0..255 and are not rounded, as TensorFlow's resizing leaves them. */
export interface FloatPicture {
  height: number
  width: number
  channels: 3
  /** [height, width, 3], RGB. */
  data: Float32Array
}

/** A picture of one colour, black by default. */
export function filledPicture(height: number, width: number, fill: readonly number[] = [0, 0, 0]): Picture {
  return { height, width, channels: 3, data: fillValues(new Uint8Array(height * width * 3), fill) }
}

function fillValues<T extends Uint8Array | Float32Array>(data: T, fill: readonly number[]): T {
  if (fill.some((value) => value !== 0)) {
    for (let i = 0; i < data.length; i++) data[i] = fill[i % 3] ?? 0
  }
  return data
}

/**
 * The window [height, width] at `top`, `left`. What lies outside the picture takes the colour `fill`, as in
 * torchvision's pad and crop.
 */
export function crop<P extends Picture | FloatPicture>(
  picture: P,
  top: number,
  left: number,
  height: number,
  width: number,
  fill: readonly number[] = [0, 0, 0],
): P {
  const count = height * width * 3
  const data = fillValues(picture.data instanceof Uint8Array ? new Uint8Array(count) : new Float32Array(count), fill)
  const result = { ...picture, height, width, data }
  const [firstColumn, lastColumn] = [Math.max(left, 0), Math.min(left + width, picture.width)]
  if (firstColumn >= lastColumn) return result
  for (let y = Math.max(top, 0); y < Math.min(top + height, picture.height); y++) {
    const from = (y * picture.width + firstColumn) * 3
    const row = picture.data.subarray(from, from + (lastColumn - firstColumn) * 3)
    result.data.set(row, ((y - top) * width + firstColumn - left) * 3)
  }
  return result
}

/** Left and right exchanged. */
export function flipHorizontal<P extends Picture | FloatPicture>(picture: P): P {
  const { height, width, data } = picture
  if (data instanceof Uint8Array) return { ...picture, data: mirroredBytes(data, height, width) } as P
  const flipped = data.slice()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * 3
      const from = (y * width + width - 1 - x) * 3
      flipped[to] = data[from] as number
      flipped[to + 1] = data[from + 1] as number
      flipped[to + 2] = data[from + 2] as number
    }
  }
  return { ...picture, data: flipped }
}

function mirroredBytes(data: Uint8Array, height: number, width: number): Uint8Array {
  const { places, bytes } = placesFor([pictureBytes(height, width), pictureBytes(height, width)])
  const [source = 0, target = 0] = places
  return inPixelMemory(bytes, (passes, memory) => {
    memory.set(data, source)
    passes.mirror(source, target, height, width)
    return memory.slice(target, target + data.length)
  })
}

/** Top and bottom exchanged. */
export function flipVertical({ height, width, data }: Picture): Picture {
  const result = filledPicture(height, width)
  for (let y = 0; y < height; y++) {
    const from = (height - 1 - y) * width * 3
    result.data.set(data.subarray(from, from + width * 3), y * width * 3)
  }
  return result
}
