import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { assemble } from './assemble.ts'

test('the committed module is what its text assembles to', async () => {
  const { path, text } = await assemble('pixel-passes')
  expect(readFileSync(path, 'utf8')).toBe(text)
})
