// Pillow's ImageEnhance and torchvision's hue, bit for bit: a blend with a degenerate picture in single precision.
// Sources: Pillow 13, ImageEnhance.py, src/libImaging/Blend.c, Convert.c, Filter.c; torchvision 0.28,
// _functional_pil.py.
import { filledPicture, type Picture } from '../transforms/picture.ts'

const { fround } = Math

/** ITU-R 601 luma in 16-bit fixed point, as Pillow's convert('L'). */
function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
}

/** All channels set to the luma: Pillow's convert('L'), torchvision's Grayscale(3). */
export function grayscale(picture: Picture): Picture {
  const result = filledPicture(picture.height, picture.width)
  for (let i = 0; i < result.data.length; i += 3) {
    result.data.fill(
      luma(picture.data[i] as number, picture.data[i + 1] as number, picture.data[i + 2] as number),
      i,
      i + 3,
    )
  }
  return result
}

/** (1 - factor) * from + factor * to, cut to bytes without rounding; a factor outside 0..1 extrapolates (Image.blend). */
export function blend(from: Picture, to: Picture, factor: number): Picture {
  const alpha = fround(factor)
  // Bytes have 511 differences only; storing the product rounds it to single precision.
  const products = Float32Array.from({ length: 511 }, (_, i) => alpha * (i - 255))
  const result = filledPicture(to.height, to.width)
  for (let i = 0; i < result.data.length; i++) {
    const start = from.data[i] as number
    const value = fround(start + (products[(to.data[i] as number) - start + 255] as number))
    result.data[i] = Math.min(Math.max(value, 0), 255)
  }
  return result
}

/** Factor 0 is black, 1 the picture. */
export function brightness(picture: Picture, factor: number): Picture {
  return blend(filledPicture(picture.height, picture.width), picture, factor)
}

/** Factor 0 is the mean luma everywhere, 1 the picture. */
export function contrast(picture: Picture, factor: number): Picture {
  const { data, height, width } = picture
  let sum = 0
  for (let i = 0; i < data.length; i += 3) sum += luma(data[i] as number, data[i + 1] as number, data[i + 2] as number)
  const mean = Math.trunc(sum / (height * width) + 0.5)
  return blend(filledPicture(height, width, [mean, mean, mean]), picture, factor)
}

/** Factor 0 is grey, 1 the picture: ImageEnhance.Color, torchvision's saturation. */
export function color(picture: Picture, factor: number): Picture {
  return blend(grayscale(picture), picture, factor)
}

/** Factor 0 is smoothed, 1 the picture. */
export function sharpness(picture: Picture, factor: number): Picture {
  return blend(smooth(picture), picture, factor)
}

/** ImageFilter.SMOOTH: 3 x 3, centre 5, others 1, over 13; border pixels stay. Sums in single precision. */
function smooth({ height, width, data }: Picture): Picture {
  const result = { height, width, channels: 3, data: data.slice() } as const
  const side = fround(1 / 13)
  const middle = fround(5 / 13)
  const stride = width * 3
  // One row of the kernel: every product and sum is rounded.
  const row = (at: number, centre: number) =>
    fround(
      fround(fround((data[at - 3] as number) * side) + fround((data[at] as number) * centre)) +
        fround((data[at + 3] as number) * side),
    )
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * stride + 3; i < (y + 1) * stride - 3; i++) {
      const value = fround(fround(fround(0.5 + row(i + stride, side)) + row(i, middle)) + row(i - stride, side))
      result.data[i] = Math.min(value, 255)
    }
  }
  return result
}

/** Turns the hue by `factor` of a full turn, -0.5..0.5, on Pillow's HSV of bytes (torchvision, adjust_hue). */
export function hue(picture: Picture, factor: number): Picture {
  const shift = Math.trunc(factor * 255) & 255
  const result = filledPicture(picture.height, picture.width)
  const hsv = new Uint8Array(3)
  for (let i = 0; i < result.data.length; i += 3) {
    toHsv(picture.data, i, hsv)
    fromHsv(((hsv[0] as number) + shift) & 255, hsv[1] as number, hsv[2] as number, result.data, i)
  }
  return result
}

function toHsv(data: Uint8Array, at: number, hsv: Uint8Array): void {
  const [red, green, blue] = [data[at] as number, data[at + 1] as number, data[at + 2] as number]
  const most = Math.max(red, green, blue)
  const spread = most - Math.min(red, green, blue)
  hsv[0] = 0
  hsv[1] = 0
  hsv[2] = most
  if (spread === 0) return
  const fromRed = fround((most - red) / spread)
  const fromGreen = fround((most - green) / spread)
  const fromBlue = fround((most - blue) / spread)
  let turn: number
  if (red === most) turn = fround(fromBlue - fromGreen)
  else if (green === most) turn = fround(2 + fromRed - fromBlue)
  else turn = fround(4 + fromGreen - fromRed)
  hsv[0] = Math.trunc(fround((turn / 6 + 1) % 1) * 255)
  hsv[1] = Math.trunc(fround(spread / most) * 255)
}

function fromHsv(h: number, s: number, v: number, out: Uint8Array, at: number): void {
  if (s === 0) {
    out.fill(v, at, at + 3)
    return
  }
  const sector = Math.floor((h * 6) / 255)
  const rest = fround((h * 6) / 255 - sector)
  const share = fround(s / 255)
  const p = Math.round(v * (1 - share))
  const q = Math.round(v * (1 - share * rest))
  const t = Math.round(v * (1 - share * (1 - rest)))
  const sectors = [v, t, p, q, v, p, p, v, t, p, q, v, t, p, v, v, p, q]
  for (let c = 0; c < 3; c++) out[at + c] = sectors[(sector % 6) * 3 + c] as number
}
