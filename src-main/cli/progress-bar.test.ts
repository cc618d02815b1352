import { expect, test } from 'vitest'
import { progressBar } from './progress-bar.ts'

/** A terminal of `columns`, with all that was written to it. */
function terminal(columns: number, isTTY = true) {
  const written: string[] = []
  const stream = { isTTY, columns, write: (text: string) => written.push(text) > 0 }
  return { written, bar: progressBar(stream) }
}

test('the line is written over, never past the edge of the terminal', () => {
  const { written, bar } = terminal(40)
  bar.update(0.5, 'epoch 3.2, 1,412 images/s, 2 min 10 s left')
  expect(written.length).toBe(1)
  expect(written[0]?.startsWith('\r\u001b[2K')).toBe(true)
  expect(written[0]?.replace('\r\u001b[2K', '').length).toBe(39)
  expect(written[0]).toContain('50 %')
})

test('the same line is written once, and cleared once', () => {
  const { written, bar } = terminal(80)
  bar.update(null, 'reading data')
  bar.update(null, 'reading data')
  bar.clear()
  bar.clear()
  expect(written.length).toBe(2)
  expect(written.at(-1)).toBe('\r\u001b[2K')
})

test('nothing is written where there is no terminal', () => {
  const { written, bar } = terminal(80, false)
  bar.update(0.1, 'epoch 1')
  bar.clear()
  expect(written).toEqual([])
})
