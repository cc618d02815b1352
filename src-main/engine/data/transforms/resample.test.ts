import { expect, test } from 'vitest'
import { oraclePicture, storedPicture, transformOracles } from '../../../../tools/oracle/read-transforms.ts'
import { resampleFilters, resize } from './resample.ts'

const cases = transformOracles().resize

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
