// Clipped gradients against timm's dispatch_clip_grad (tools/oracle), 1e-6 relative.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { clippingOracles } from '../../../tools/oracle/read-training.ts'
import { configField } from '../../shared/config-fields.ts'
import { runConfigSchema } from '../../shared/run-config.ts'
import { ParameterSet } from '../nn/parameters.ts'
import { relativeError, runEagerly, runTraced, startForTests } from '../tensorflow/start-for-tests.ts'
import { clipGradients } from './clip-gradients.ts'

beforeAll(startForTests)

const oracle = clippingOracles()

test('every way to clip is compared with a reference', () => {
  const compared = new Set(oracle.cases.map(({ clip }) => clip))
  expect([...compared, 'none'].sort()).toEqual([...configField('optimizer.clip').choices].sort())
})

test.each(oracle.cases.map((c) => [c.clip, c.clipThreshold, c] as const))('%s at %s equals timm', (_, __, c) => {
  const config = runConfigSchema.parse({ optimizer: { clip: c.clip, clipThreshold: c.clipThreshold } }).optimizer
  const parameters = new ParameterSet(1)
  for (const { name, role, shape, value } of oracle.parameters) {
    parameters.add(name, role, shape, () => Float32Array.from(value))
  }
  const inputs = oracle.parameters.flatMap(({ shape, value, gradient }) => [
    { shape, values: value },
    { shape, values: gradient },
  ])
  const body = (...tensors: tf.Tensor[]) => {
    const values = tensors.filter((_, i) => i % 2 === 0)
    const gradients = tensors.filter((_, i) => i % 2 === 1)
    return clipGradients(config, { parameters }, parameters.all, values, gradients).map((g) => tf.mul(g, 1))
  }
  for (const run of [runEagerly, runTraced]) {
    for (const [i, found] of run(body, inputs).entries()) {
      expect(relativeError(found, c.gradients[i] ?? [])).toBeLessThan(1e-6)
    }
  }
  parameters.dispose()
})
