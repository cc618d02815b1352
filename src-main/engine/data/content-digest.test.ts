import { describe, expect, it } from 'vitest'
import { channelStatistics, contentDigest, fingerprintOf } from './content-digest.ts'
import type { ImageSet } from './dataset.ts'

const setOf = (pictures: [pixels: number[], label: number][]): ImageSet => ({
  images: Uint8Array.from(pictures.flatMap(([pixels]) => pixels)),
  labels: Uint8Array.from(pictures.map(([, label]) => label)),
  count: pictures.length,
})

describe('content digest', () => {
  const digest = contentDigest(
    setOf([
      [[1, 2], 0],
      [[3, 4], 1],
    ]),
  )

  it('does not depend on the order of the pictures', () => {
    expect(
      contentDigest(
        setOf([
          [[3, 4], 1],
          [[1, 2], 0],
        ]),
      ),
    ).toBe(digest)
  })

  it('depends on pixels, on labels, and on how often a picture is there', () => {
    expect(
      contentDigest(
        setOf([
          [[1, 2], 0],
          [[3, 5], 1],
        ]),
      ),
    ).not.toBe(digest)
    expect(
      contentDigest(
        setOf([
          [[1, 2], 1],
          [[3, 4], 0],
        ]),
      ),
    ).not.toBe(digest)
    expect(
      contentDigest(
        setOf([
          [[1, 2], 0],
          [[3, 4], 1],
          [[3, 4], 1],
        ]),
      ),
    ).not.toBe(digest)
  })

  it('is the same for labels of one and of two bytes', () => {
    const set = setOf([
      [[1, 2], 0],
      [[3, 4], 1],
    ])
    expect(contentDigest({ ...set, labels: Uint16Array.from(set.labels) })).toBe(digest)
  })
})

it('fingerprints tell splits and class names apart', () => {
  const print = fingerprintOf([1, 2, 1], ['a', 'b'], 'train', 'test')
  expect(fingerprintOf([1, 2, 1], ['a', 'b'], 'test', 'train')).not.toBe(print)
  expect(fingerprintOf([1, 2, 1], ['a', 'c'], 'train', 'test')).not.toBe(print)
  expect(fingerprintOf([2, 1, 1], ['a', 'b'], 'train', 'test')).not.toBe(print)
})

it('channel statistics are the mean and the population standard deviation on 0..1 pixels', () => {
  const { mean, std } = channelStatistics(Uint8Array.of(0, 51, 255, 51), 2)
  expect(mean).toEqual([0.5, 0.2])
  expect(std[0]).toBeCloseTo(0.5, 12)
  expect(std[1]).toBeCloseTo(0, 12)
})
