// Losses and the gradient of the logits against PyTorch and timm (tools/oracle), 1e-5 relative, at once and traced.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { type LossCase, lossOracles } from '../../../../tools/oracle/read-training.ts'
import { losses } from '../../../shared/registry/training.ts'
import { runConfigSchema } from '../../../shared/run-config.ts'
import { smoothedTargets } from '../../tensorflow/ops/cross-entropy.ts'
import { hardDistillation, softDistillation } from '../../tensorflow/ops/distillation-loss.ts'
import { relativeError, runEagerly, runTraced, startForTests } from '../../tensorflow/start-for-tests.ts'
import { trainingLosses } from './training-losses.ts'

beforeAll(startForTests)

const oracles = lossOracles()

function expectLoss(c: LossCase, loss: (logits: tf.Tensor) => tf.Tensor): void {
  const input = { shape: [c.logits.length, c.logits[0]?.length ?? 0], values: c.logits.flat() }
  const body = (logits: tf.Tensor) => {
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => loss(x))(logits)
    return [value, grad]
  }
  for (const run of [runEagerly, runTraced]) {
    const [value, gradient] = run((...inputs) => body(inputs[0] as tf.Tensor), [input])
    expect(relativeError(value ?? [], [c.loss])).toBeLessThan(1e-5)
    expect(relativeError(gradient ?? [], c.logitsGradient.flat())).toBeLessThan(1e-5)
  }
}

test('every loss of the registry is compared with a reference', () => {
  const compared = new Set([...oracles.training.map(({ config }) => config.loss), 'jsd'])
  expect([...compared].sort()).toEqual(Object.keys(losses).sort())
})

test.each(oracles.training.map((c) => [c.name, c] as const))('%s equals the reference', (_, c) => {
  const config = runConfigSchema.parse({ train: c.config }).train
  expectLoss(c, (logits) => trainingLosses[config.loss](logits, tf.tensor2d(c.targets), config))
})

test.each(oracles.jsd.map((c) => [c.name, c] as const))('JSD with %s equals timm', (_, c) => {
  const targets = () => smoothedTargets(tf.tensor1d(c.labels, 'int32'), c.logits[0]?.length ?? 0, c.smoothing)
  const { train } = runConfigSchema.parse({ train: { loss: 'jsd', jsdAlpha: c.alpha } })
  expectLoss(c, (logits) => trainingLosses.jsd(logits, targets(), train))
})

test.each(oracles.distillation.map((c) => [c.name, c] as const))('distillation, %s, equals the reference', (_, c) => {
  const teacher = () => tf.tensor2d(c.teacher)
  expectLoss(c, (logits) =>
    c.kind === 'soft' ? softDistillation(logits, teacher(), c.temperature) : hardDistillation(logits, teacher()),
  )
})
