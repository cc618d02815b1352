// Initialisers against the moments and limits of the distributions that the references name. A sample of 200,000 values has
// a deviation within 0.8 % (five standard errors) of the true one, and a mean within 5 / sqrt(200,000) deviations of zero.
import { beforeAll, expect, test } from 'vitest'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import {
  type Initialiser,
  kaimingNormalFanIn,
  kaimingNormalFanOut,
  normal,
  partialDirac,
  tensorFlowNormalFanOut,
  torchDefault,
  torchDefaultBias,
  truncatedNormal,
  uniformFanOut,
  xavierUniform,
} from './initialisers.ts'

beforeAll(startForTests)

const conv = [5, 5, 80, 100]
const depthwise = [5, 5, 1, 8000]
const linear = [400, 500]
// Deviation and largest value of a standard normal cut at +-2.
const cutDeviation = 0.87962566

const cases: Record<string, { initialise: Initialiser; shape: number[]; std: number; limit?: number }> = {
  'torchDefault of a convolution': {
    initialise: torchDefault,
    shape: conv,
    std: 1 / Math.sqrt(3 * 2000),
    limit: 1 / Math.sqrt(2000),
  },
  'torchDefault of a depthwise convolution': {
    initialise: torchDefault,
    shape: depthwise,
    std: 0.2 / Math.sqrt(3),
    limit: 0.2,
  },
  torchDefaultBias: { initialise: torchDefaultBias(25), shape: [200_000], std: 0.2 / Math.sqrt(3), limit: 0.2 },
  kaimingNormalFanIn: { initialise: kaimingNormalFanIn, shape: conv, std: Math.sqrt(2 / 2000) },
  kaimingNormalFanOut: { initialise: kaimingNormalFanOut, shape: conv, std: Math.sqrt(2 / 2500) },
  'kaimingNormalFanOut of a depthwise convolution': {
    initialise: kaimingNormalFanOut,
    shape: depthwise,
    std: Math.sqrt(2 / 200_000),
  },
  'tensorFlowNormalFanOut of a depthwise convolution': {
    initialise: tensorFlowNormalFanOut(8000),
    shape: depthwise,
    std: Math.sqrt(2 / 25),
  },
  tensorFlowNormalFanOut: { initialise: tensorFlowNormalFanOut(1), shape: conv, std: Math.sqrt(2 / 2500) },
  uniformFanOut: { initialise: uniformFanOut, shape: linear, std: 1 / Math.sqrt(3 * 500), limit: 1 / Math.sqrt(500) },
  xavierUniform: { initialise: xavierUniform, shape: linear, std: Math.sqrt(2 / 900), limit: Math.sqrt(6 / 900) },
  normal: { initialise: normal(0.01), shape: linear, std: 0.01 },
  'truncatedNormal far from its limits': { initialise: truncatedNormal(0.02), shape: linear, std: 0.02 },
  'truncatedNormal at two deviations': { initialise: truncatedNormal(1), shape: linear, std: cutDeviation, limit: 2 },
}

test.each(Object.entries(cases))('%s has its deviation and limit', (_, { initialise, shape, std, limit }) => {
  const values = initialise(shape, { seed: 3, stream: 7 })
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
  expect(values).toHaveLength(200_000)
  expect(Math.abs(deviation / std - 1)).toBeLessThan(0.008)
  expect(Math.abs(mean)).toBeLessThan((5 * std) / Math.sqrt(200_000))
  const largest = values.reduce((max, v) => Math.max(max, Math.abs(v)), 0)
  if (limit === undefined) expect(largest).toBeGreaterThan(3.5 * std)
  else {
    expect(largest).toBeLessThanOrEqual(limit * (1 + 1e-6))
    expect(largest).toBeGreaterThan(0.999 * limit)
  }
})

test('a partial identity passes the first inputs on, and the other filters are PyTorch defaults', () => {
  const shape = [3, 3, 4, 6]
  const values = partialDirac(shape, { seed: 3, stream: 7 })
  const drawn = torchDefault(shape, { seed: 3, stream: 7 })
  for (const [i, value] of values.entries()) {
    const [position, input, output] = [Math.floor(i / 24), Math.floor(i / 6) % 4, i % 6]
    const identity = position === 4 && input === output ? 1 : 0
    expect(value, `filter ${output}`).toBe(output < 4 ? identity : drawn[i])
  }
})

test('a redrawn truncated normal is fixed by its key', () => {
  const draw = (seed: number) => truncatedNormal(1)([1000], { seed, stream: 2 })
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
})
