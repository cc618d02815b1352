import { expect, test } from 'vitest'
import { oraclePicture, storedPicture, transformOracles } from '../../../../tools/oracle/read-transforms.ts'
import { type DrawSource, drawBetween, drawInteger, pictureDraws } from '../augmentations/draw-source.ts'
import { filledPicture, type Picture } from './picture.ts'
import { type ResampleBox, resize } from './resample.ts'
import { type AveragingFilter, axisPlan, type ResampledAxis, resampleFilters } from './resample-plan.ts'

const cases = transformOracles().resize
const averagingFilters = resampleFilters.filter((name) => name !== 'nearest')

test('every filter has an oracle', () => {
  expect([...new Set(cases.map((c) => c.filter))]).toEqual([...resampleFilters])
})

test.each(cases)(
  'resize $filter of $size, box $box, equals Pillow to the bit',
  ({ filter, picture, size, box, output }) => {
    const source = oraclePicture(picture, ...size)
    const [height, width] = output.shape
    expect(resize(source, height, width, filter, box ?? undefined)).toEqual(storedPicture(output))
  },
)

test('an unchanged size gives a copy, not the same pixels', () => {
  const source = oraclePicture(0, 5, 6)
  const result = resize(source, 5, 6, 'bicubic')
  expect(result).toEqual(source)
  expect(result.data).not.toBe(source.data)
})

/** A plan taken apart again: low and high halves of two weights each. */
function tapsOf(plan: Int32Array): { first: number; weights: number[] }[] {
  const taps: { first: number; weights: number[] }[] = []
  for (let at = 0; at < plan.length; ) {
    const [first = 0, pairs = 0] = plan.subarray(at, at + 2)
    const halves = new Int16Array(plan.slice(at + 2, at + 2 + pairs * 2).buffer)
    const weights = Array.from({ length: pairs * 2 }, (_, i) => {
      const [low = 0, high = 0] = [halves[(i >> 1) * 4 + (i & 1)], halves[(i >> 1) * 4 + 2 + (i & 1)]]
      return high * 4096 + low
    })
    taps.push({ first, weights })
    at += 2 + pairs * 2
  }
  return taps
}

/** Lines of `axis.size` pixels to lines of `axis.out`, one number at a time with 32-bit products. */
function scalarPass(data: Uint8Array, axis: ResampledAxis, filter: AveragingFilter): Uint8Array {
  const taps = tapsOf(axisPlan(axis, filter))
  const lines = data.length / (axis.size * 3)
  const result = new Uint8ClampedArray(lines * axis.out * 3)
  for (let i = 0; i < result.length; i++) {
    const [line, place, channel] = [Math.floor(i / (axis.out * 3)), Math.floor(i / 3) % axis.out, i % 3]
    const { first, weights } = taps[place] ?? { first: 0, weights: [] }
    const values = weights.map((_, tap) => data[(line * axis.size + first + tap) * 3 + channel] ?? 0)
    result[i] = values.reduce((sum, value, tap) => (sum + Math.imul(weights[tap] ?? 0, value)) | 0, 1 << 21) >> 22
  }
  return new Uint8Array(result.buffer)
}

/** Rows and columns of pixels exchanged. */
function turned(data: Uint8Array, height: number, width: number): Uint8Array {
  return data.map((_, i) => {
    const [x, y] = [Math.floor(i / (height * 3)), Math.floor(i / 3) % height]
    return data[(y * width + x) * 3 + (i % 3)] ?? 0
  })
}

function scalarResize(picture: Picture, height: number, width: number, filter: AveragingFilter, box: ResampleBox) {
  const columns = { size: picture.width, start: box[0], end: box[2], out: width }
  const rows = { size: picture.height, start: box[1], end: box[3], out: height }
  const along = (data: Uint8Array) => scalarPass(data, columns, filter)
  const down = (data: Uint8Array, from: number) =>
    turned(scalarPass(turned(data, picture.height, from), rows, filter), from, height)
  const isVerticalFirst = picture.height - height > Math.max(2 * (picture.width - width), 0)
  return isVerticalFirst ? along(down(picture.data, picture.width)) : down(along(picture.data), width)
}

test.each(averagingFilters)('%s of random pictures and boxes is that of one number at a time', (filter) => {
  const draws = pictureDraws(1, 0, averagingFilters.indexOf(filter))
  for (let i = 0; i < 25; i++) {
    const [height, width, toHeight, toWidth] = [60, 60, 70, 70].map((most) => 1 + drawInteger(draws, most))
    const picture = noise(height ?? 1, width ?? 1, draws)
    const [left, upper] = [drawBetween(draws, 0, (width ?? 1) - 0.5), drawBetween(draws, 0, (height ?? 1) - 0.5)]
    const box = [left, upper, drawBetween(draws, left + 0.2, width ?? 1), drawBetween(draws, upper + 0.2, height ?? 1)]
    const found = resize(picture, toHeight ?? 1, toWidth ?? 1, filter, box as unknown as ResampleBox)
    const expected = scalarResize(picture, toHeight ?? 1, toWidth ?? 1, filter, box as unknown as ResampleBox)
    expect(Buffer.compare(found.data, expected)).toBe(0)
  }
})

/** Mostly black and white, where filters overshoot most. */
function noise(height: number, width: number, draws: DrawSource): Picture {
  const picture = filledPicture(height, width)
  picture.data.forEach((_, i) => {
    const draw = draws.uniform()
    picture.data[i] = draw < 0.6 ? (draw < 0.3 ? 0 : 255) : draw * 255
  })
  return picture
}

test('a picture that needs much memory leaves the next ones as they are', () => {
  const small = noise(9, 11, pictureDraws(1, 0, 50))
  const before = resize(small, 7, 5, 'lanczos')
  const wide: Picture = { height: 800, width: 30_000, channels: 3, data: new Uint8Array(72_000_000).fill(7) }
  expect(resize(wide, 2, 3, 'box').data).toEqual(new Uint8Array(18).fill(7))
  expect(resize(small, 7, 5, 'lanczos')).toEqual(before)
})
