import { expect, test } from 'vitest'
import type { PictureFilter } from '../../../../src-main/shared/dataset-views.ts'
import { parsePictureFilter, picturesAddress } from './picture-filter-address.ts'

const searchOf = (address: string) => new URL(address, 'http://app.invalid').searchParams

test.each<PictureFilter>([{}, { part: 'val', label: 0 }, { finding: 'near-leak', excluded: false, text: 'räume & 1' }])(
  'a filter survives being written as an address',
  (filter) => {
    expect(parsePictureFilter(searchOf(picturesAddress('my set', filter)))).toEqual(filter)
  },
)

test('what an old or mistyped address asks for is left out', () => {
  expect(parsePictureFilter(new URLSearchParams('part=dev&label=-1&finding=ghosts&excluded=maybe'))).toEqual({})
})
