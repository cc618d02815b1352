import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { decodeOraclePath, jpegWindowOracles, sha256 } from '../../../tools/oracle/read-augmentations.ts'
import { flipHorizontal } from '../data/transforms/picture.ts'
import { resize } from '../data/transforms/resample.ts'
import { readJpegHeader } from '../formats/jpeg-header.ts'
import { openJpegDecoder } from '../tensorflow/jpeg-decoder.ts'
import { findLibtensorflow } from '../tensorflow/library/find-libtensorflow.ts'
import { decodeJpegWindow, isDecodedAlike } from './jpeg-window.ts'

const decoder = openJpegDecoder((await findLibtensorflow()).folder)
const cases = jpegWindowOracles()

function openFile(name: string) {
  const file = readFileSync(decodeOraclePath(name))
  const header = readJpegHeader(file)
  if (header === null) throw new Error(`${name} has no header`)
  return { file, header }
}

test.each([...new Set(cases.map(({ file }) => file))])('windows of %s are those of Pillow and torchvision', (name) => {
  const { file, header } = openFile(name)
  expect(isDecodedAlike(header)).toBe(true)
  for (const { box, cut, mirrored } of cases.filter((one) => one.file === name)) {
    const found = decodeJpegWindow(decoder, file, header, box)
    expect(sha256(found.data), JSON.stringify(box)).toBe(cut)
    expect(sha256(flipHorizontal(resize(found, 48, 40, 'bilinear')).data), JSON.stringify(box)).toBe(mirrored)
  }
})

test('CMYK and pictures that are too large are left to the other decoder', () => {
  expect(isDecodedAlike(openFile('cmyk.jpg').header)).toBe(false)
  const { header } = openFile('window-420.jpg')
  expect(isDecodedAlike({ ...header, width: 60_000, height: 60_000 })).toBe(false)
})

test('a truncated file is refused with a reason', () => {
  const { file, header } = openFile('window-420.jpg')
  const box = { top: 0, left: 0, height: header.height, width: header.width }
  expect(() => decodeJpegWindow(decoder, file.subarray(0, file.length / 2), header, box)).toThrow(
    expect.objectContaining({ code: 'tensorflow-op', found: expect.stringContaining('JPEG') }),
  )
})

test('memory does not grow with the pictures that were decoded', async () => {
  const { file, header } = openFile('window-420.jpg')
  const box = { top: 10, left: 20, height: 100, width: 120 }
  const decodeMany = async (count: number) => {
    for (let i = 0; i < count; i++) {
      decodeJpegWindow(decoder, file, header, box)
      if (i % 32 === 0) await setImmediate()
    }
    return process.memoryUsage().rss
  }
  const before = await decodeMany(500)
  // 43,776 bytes of pixels and 12,297 of file each: 2,000 pictures that leaked would take 112 MB.
  expect((await decodeMany(2000)) - before).toBeLessThan(30e6)
})
