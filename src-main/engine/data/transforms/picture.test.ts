import { expect, test } from 'vitest'
import { oraclePicture } from '../../../../tools/oracle/read-transforms.ts'
import { flipHorizontal } from './picture.ts'

test.each([1, 2, 4, 5, 6, 9, 10, 31, 224])('%i columns are mirrored, as bytes and as floats', (width) => {
  const height = 7
  const picture = oraclePicture(1, height, width)
  const expected = picture.data.map((_, i) => {
    const [y, x] = [Math.floor(i / (width * 3)), Math.floor(i / 3) % width]
    return picture.data[(y * width + width - 1 - x) * 3 + (i % 3)] ?? 0
  })
  expect(flipHorizontal(picture)).toEqual({ ...picture, data: expected })
  const floats = { ...picture, data: Float32Array.from(picture.data, (value) => value + 0.5) }
  expect(flipHorizontal(floats).data).toEqual(Float32Array.from(expected, (value) => value + 0.5))
})
