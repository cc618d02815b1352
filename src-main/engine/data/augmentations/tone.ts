// Operations that map every byte by a table, bit for bit as Pillow 13's ImageOps and timm's auto_augment.py.
import { filledPicture, type Picture } from '../transforms/picture.ts'

function mapped(picture: Picture, table: (value: number) => number): Picture {
  const values = Uint8Array.from({ length: 256 }, (_, i) => table(i))
  const result = filledPicture(picture.height, picture.width)
  for (let i = 0; i < result.data.length; i++) result.data[i] = values[picture.data[i] as number] as number
  return result
}

export const invert = (picture: Picture): Picture => mapped(picture, (value) => 255 - value)

/** Keeps the upper `bits` bits, 0..8. */
export function posterize(picture: Picture, bits: number): Picture {
  const mask = ~(2 ** (8 - bits) - 1)
  return mapped(picture, (value) => value & mask)
}

/** Inverts the bytes from `threshold` on; fractions are allowed. */
export function solarize(picture: Picture, threshold: number): Picture {
  return mapped(picture, (value) => (value < threshold ? value : 255 - value))
}

/** Adds to the bytes below 128 (timm, solarize_add). */
export function solarizeAdd(picture: Picture, add: number): Picture {
  return mapped(picture, (value) => (value < 128 ? Math.min(255, value + add) : value))
}

/** Stretches each channel to 0..255; a channel of one value stays. */
export function autocontrast(picture: Picture): Picture {
  return mappedByChannel(picture, (histogram) => {
    const low = histogram.findIndex((count) => count > 0)
    const high = histogram.findLastIndex((count) => count > 0)
    if (high <= low) return null
    const scale = 255 / (high - low)
    const offset = -low * scale
    return (value) => Math.min(Math.max(Math.trunc(value * scale + offset), 0), 255)
  })
}

/** Flattens each channel's histogram; one that is too narrow for a step stays. */
export function equalize(picture: Picture): Picture {
  return mappedByChannel(picture, (histogram) => {
    const last = histogram[histogram.findLastIndex((count) => count > 0)] ?? 0
    const step = Math.floor((picture.height * picture.width - last) / 255)
    if (step === 0) return null
    const before = new Int32Array(256)
    for (let i = 1; i < 256; i++) before[i] = (before[i - 1] as number) + (histogram[i - 1] as number)
    return (value) => Math.min(Math.floor((Math.floor(step / 2) + (before[value] as number)) / step), 255)
  })
}

function mappedByChannel(
  picture: Picture,
  tableOf: (histogram: Int32Array) => ((value: number) => number) | null,
): Picture {
  const result = { ...picture, data: picture.data.slice() }
  for (let c = 0; c < 3; c++) {
    const histogram = new Int32Array(256)
    for (let i = c; i < picture.data.length; i += 3) {
      const value = picture.data[i] as number
      histogram[value] = (histogram[value] as number) + 1
    }
    const table = tableOf(histogram)
    if (table === null) continue
    const values = Uint8Array.from({ length: 256 }, (_, i) => table(i))
    for (let i = c; i < picture.data.length; i += 3) result.data[i] = values[picture.data[i] as number] as number
  }
  return result
}
