import { expect, test } from 'vitest'
import { datasets } from '../../shared/registry/datasets.ts'
import { type ContentDigests, recogniseContent, requireKnownContent, testBenchmark } from './benchmark.ts'

const unknown: ContentDigests = { train: 'a'.repeat(64), test: 'b'.repeat(64) }
const photographs = (train: number, test: number) => ({
  shape: [32, 32, 3],
  train: { count: train },
  test: { count: test },
})

test('content is recognised whatever the name, and unknown content is nothing', () => {
  expect(recogniseContent(datasets.cifar10.content)).toBe('cifar10')
  expect(recogniseContent(unknown)).toBeNull()
  expect(recogniseContent({ ...datasets.cifar10.content, train: unknown.train })).toBeNull()
})

test('test pictures are recognised by themselves, and those of a sample are no benchmark', () => {
  expect(testBenchmark(datasets.cifar10.content.test)).toBe('cifar10')
  expect(testBenchmark(datasets['fashion-mnist-sample'].content.test)).toBeNull()
  expect(testBenchmark(unknown.test)).toBeNull()
})

test('a data set without known content is checked by its counts', () => {
  expect(() => requireKnownContent('imagenet-1k', photographs(1_281_167, 50_000), unknown)).not.toThrow()
  expect(() => requireKnownContent('imagenet-1k', photographs(1000, 50), unknown)).toThrow(
    expect.objectContaining({
      code: 'data-fingerprint',
      expected: '1281167 + 50000 pictures',
      found: '1000 + 50 pictures',
    }),
  )
})

test('where the content is known, counts alone do not do', () => {
  expect(() => requireKnownContent('cifar10', photographs(50_000, 10_000), unknown)).toThrow(
    expect.objectContaining({ found: 'as many pictures, but with other pixels or labels' }),
  )
})
