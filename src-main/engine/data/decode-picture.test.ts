import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeOraclePath, decodeOracles, summarised } from '../../../tools/oracle/read-augmentations.ts'
import { decodeRgb } from './decode-picture.ts'

test.each(decodeOracles())('$file decodes to the bytes of Pillow', async ({ file, output }) => {
  const path = decodeOraclePath(file)
  expect(summarised(await decodeRgb(path))).toEqual(output)
  expect(summarised(await decodeRgb(readFileSync(path)))).toEqual(output)
})

test('a file that is no picture is refused', async () => {
  await expect(decodeRgb(new TextEncoder().encode('no picture'))).rejects.toThrow()
})
