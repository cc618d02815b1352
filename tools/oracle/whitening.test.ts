// airbench94's whitening convolution against PyTorch's eigendecomposition.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { whiteningFilters } from '../../src-main/engine/nn/models/airbench.ts'
import { toTorchLayout } from '../../src-main/engine/train/torch-layout.ts'
import { whiteningOracle } from './read-values.ts'
import { relativeDistance, startEngine } from './start-engine.ts'

beforeAll(async () => {
  await startEngine()
})

test('filters whiten the patches, largest eigenvalue first, then the same with the other sign', () => {
  const { pictures, filters, gram } = whiteningOracle()
  const found = whiteningFilters(tf.tensor(pictures.values, pictures.shape))
  const { values, shape } = toTorchLayout(found, [2, 2, 3, 24], 'conv-weight')
  expect(shape).toEqual([24, 3, 2, 2])
  const row = (filter: number) => values.subarray(filter * 12, (filter + 1) * 12)
  for (let filter = 0; filter < 12; filter += 1) {
    const own = row(filter)
    const largest = own.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a))
    const expected = filters.values.slice(filter * 12, (filter + 1) * 12)
    expect(
      relativeDistance(
        own.map((v) => v * Math.sign(largest)),
        expected,
      ),
      `filter ${filter}`,
    ).toBeLessThan(1e-3)
    expect(
      relativeDistance(
        row(filter + 12),
        [...own].map((v) => -v),
      ),
    ).toBeLessThan(1e-6)
  }
  const summed = Array.from({ length: 144 }, (_, i) => {
    const [a, b] = [Math.floor(i / 12), i % 12]
    return Array.from({ length: 12 }, (_, f) => (row(f)[a] as number) * (row(f)[b] as number)).reduce(
      (x, y) => x + y,
      0,
    )
  })
  expect(relativeDistance(summed, gram.flat())).toBeLessThan(1e-5)
})
