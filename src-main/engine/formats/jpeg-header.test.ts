import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeOraclePath } from '../../../tools/oracle/read-augmentations.ts'
import { corruptions, truncations } from './damaged-inputs.ts'
import { readJpegHeader } from './jpeg-header.ts'

const file = (name: string) => new Uint8Array(readFileSync(decodeOraclePath(name)))

test.each([
  ['baseline-420.jpg', 53, 37, 3, 'sequential', 16, 16],
  ['baseline-422.jpg', 53, 37, 3, 'sequential', 16, 8],
  ['baseline-444.jpg', 53, 37, 3, 'sequential', 8, 8],
  ['progressive.jpg', 53, 37, 3, 'progressive', 16, 16],
  ['grey.jpg', 53, 37, 1, 'sequential', 8, 8],
  ['turned.jpg', 53, 37, 3, 'sequential', 16, 16],
  ['profile.jpg', 53, 37, 3, 'sequential', 16, 16],
  ['cmyk.jpg', 53, 37, 4, 'sequential', 8, 8],
] as const)('%s', (name, width, height, components, coding, unitWidth, unitHeight) => {
  const unit = { width: unitWidth, height: unitHeight }
  expect(readJpegHeader(file(name))).toEqual({ width, height, components, depth: 8, coding, unit })
})

test('markers are found behind filling bytes, and the coding is told', () => {
  const frame = [0, 11, 12, 0, 5, 0, 7, 1, 1, 0x11, 0]
  const arithmetic = Uint8Array.of(0xff, 0xd8, 0xff, 0xff, 0xff, 0xc9, ...frame)
  expect(readJpegHeader(arithmetic)).toEqual({
    width: 7,
    height: 5,
    components: 1,
    depth: 12,
    coding: 'other',
    unit: { width: 8, height: 8 },
  })
})

test('what is no JPEG has no header, and damaged files never throw', () => {
  expect(readJpegHeader(file('rgb.png'))).toBeNull()
  expect(readJpegHeader(new Uint8Array(0))).toBeNull()
  const good = file('profile.jpg')
  for (const damaged of [...truncations(good), ...corruptions(good)]) readJpegHeader(damaged)
})
