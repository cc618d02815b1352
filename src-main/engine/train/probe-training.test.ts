import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { madeUpConfig, madeUpData } from './made-up-data-for-tests.ts'
import { probeTraining } from './probe-training.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const silent = { phase: () => {} }

test('a probe counts an epoch, an evaluation and a seed from its steps, and leaves nothing behind', async () => {
  const before = { handles: runtime.handleCount, tensors: tf.memory().numTensors }
  const config = madeUpConfig({ train: { length: 4 }, evaluation: { every: 2 } })
  const phases = new Set<string>()
  const probe = await probeTraining(
    runtime,
    madeUpData,
    config,
    { steps: 8, seconds: 60 },
    { phase: (of) => phases.add(of) },
  )
  expect([...phases]).toEqual(['tracing', 'steps', 'evaluating'])
  expect(probe.steps).toBe(6)
  expect(probe.imagesPerSecond).toBeCloseTo(64 / probe.stepSeconds, 6)
  expect(probe.epochSeconds).toBeCloseTo(5 * probe.stepSeconds, 9)
  // 20 steps, an evaluation after the second epoch and one at the end.
  expect(probe.seedSeconds).toBeCloseTo(20 * probe.stepSeconds + 2 * probe.evaluationSeconds, 9)
  // LeNet-5 for four classes and its momentum, in float32.
  expect(probe.stateBytes % 4).toBe(0)
  expect(probe.stateBytes).toBeGreaterThan(2 * 60_000 * 4 * 0.9)
  expect(probe.predictedBytes).toBeGreaterThan(400e6)
  expect({ handles: runtime.handleCount, tensors: tf.memory().numTensors }).toEqual(before)
})

test('slow steps are bounded by time, but a few are taken', async () => {
  const config = madeUpConfig({ train: { length: 10 } })
  const probe = await probeTraining(runtime, madeUpData, config, { steps: 50, seconds: 0 }, silent)
  expect(probe.steps).toBe(1)
})

test('gradients added up over batches count as one step, with an average of the weights in the state', async () => {
  const plain = await probeTraining(runtime, madeUpData, madeUpConfig(), { steps: 5, seconds: 60 }, silent)
  const config = madeUpConfig({ train: { batchSize: 32, accumulate: 2, ema: 'timm' } })
  const probe = await probeTraining(runtime, madeUpData, config, { steps: 5, seconds: 60 }, silent)
  expect(probe.imagesPerSecond).toBeCloseTo(64 / probe.stepSeconds, 6)
  expect(probe.epochSeconds).toBeCloseTo(5 * probe.stepSeconds, 9)
  expect(probe.stateBytes / plain.stateBytes).toBeCloseTo(3 / 2, 1)
})

test('what cannot be trained cannot be probed', async () => {
  const config = madeUpConfig({ model: { name: 'resnet50' } })
  await expect(probeTraining(runtime, madeUpData, config, { steps: 5, seconds: 60 }, silent)).rejects.toMatchObject({
    code: 'config-out-of-range',
  })
})
