import { expect, test } from 'vitest'
import { bytesOfProcess, peakResidentBytes } from './peak-memory.ts'

test('the peak is not forgotten when memory is given back', () => {
  const before = peakResidentBytes()
  expect(before).toBeGreaterThanOrEqual(process.memoryUsage.rss() * 0.5)
  let block: Uint8Array | null = new Uint8Array(200e6).fill(1)
  const held = peakResidentBytes()
  expect(block.length).toBe(200e6)
  block = null
  expect(held).toBeGreaterThan(process.memoryUsage.rss() * 0.9)
  expect(peakResidentBytes()).toBeGreaterThanOrEqual(held)
})

test('the memory of a process on its GPUs is the sum over them, and nothing where the driver does not know it', () => {
  const csv = '101, 512\n202, 1024\n101, 256\n'
  expect(bytesOfProcess(csv, 101)).toBe(768 * 1024 ** 2)
  expect(bytesOfProcess(csv, 303)).toBeNull()
  expect(bytesOfProcess('101, [N/A]\n', 101)).toBeNull()
  expect(bytesOfProcess('', 101)).toBeNull()
})
