import { expect, test } from 'vitest'
import { type CacheConditions, chooseCache, keptSize, predictedBytes } from './picture-cache.ts'

const choose = (more: Partial<CacheConditions>) =>
  chooseCache({
    cache: 'auto',
    bytes: 1e9,
    epochs: 90,
    freeMemoryBytes: 8e9,
    freeDiskBytes: 100e9,
    ...more,
  })

test('the size is predicted from a sample, larger sides cut to the shorter side asked for', () => {
  expect(keptSize({ height: 375, width: 500 }, 256)).toEqual({ height: 256, width: 341 })
  expect(keptSize({ height: 100, width: 500 }, 256)).toEqual({ height: 100, width: 500 })
  const sample = [
    { height: 375, width: 500 },
    { height: 100, width: 500 },
  ]
  expect(predictedBytes(sample, 1000, 0)).toBe(500 * (375 * 500 + 100 * 500) * 3)
  expect(predictedBytes(sample, 10, 256)).toBe(5 * (256 * 341 + 100 * 500) * 3)
  expect(predictedBytes([], 10, 0)).toBe(0)
})

test('small sets lie in memory, middle ones in a file, large ones nowhere', () => {
  expect(choose({})).toEqual({ kind: 'memory', bytes: 1e9 })
  expect(choose({ bytes: 3e9 })).toEqual({ kind: 'disk', bytes: 3e9 })
  expect(choose({ bytes: 3e9, freeDiskBytes: 5e9 })).toEqual({ kind: 'none', bytes: 0 })
  expect(choose({ bytes: 5e9 })).toEqual({ kind: 'none', bytes: 0 })
  expect(choose({ epochs: 1 })).toEqual({ kind: 'none', bytes: 0 })
})

test('what a config asks for is done or refused', () => {
  expect(choose({ cache: 'none' }).kind).toBe('none')
  expect(choose({ cache: 'disk' }).kind).toBe('disk')
  expect(choose({ cache: 'memory', bytes: 5e9 }).kind).toBe('memory')
  expect(() => choose({ cache: 'memory', bytes: 7e9 })).toThrow(expect.objectContaining({ code: 'out-of-memory' }))
  expect(() => choose({ cache: 'disk', bytes: 90e9 })).toThrow(expect.objectContaining({ code: 'disk-too-small' }))
})
