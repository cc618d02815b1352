import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { type OptimizerName, optimizers } from '../../shared/registry/training.ts'
import { type RunConfigInput, runConfigSchema } from '../../shared/run-config.ts'
import type { Parameter } from '../nn/parameters.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { createVariable, deleteVariable, readVariable, readVariableValues } from '../tensorflow/variables.ts'
import { createLossScale } from './loss-scale.ts'
import { buildOptimizer } from './optimizers/build-optimizer.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

/** A scaled step on loss = factor x sum(p), so that an infinite factor makes an overflow. */
function scaledTraining(optimizer: NonNullable<RunConfigInput['optimizer']>) {
  const config = runConfigSchema.parse({ optimizer: { lr: 0.1, momentum: 0.9, ...optimizer } }).optimizer
  const parameter: Parameter = {
    name: 'p',
    role: 'linear-weight',
    trainable: true,
    layer: 0,
    variable: createVariable('p', [1, 1], Float32Array.from([1])),
  }
  const state = buildOptimizer([parameter], config)
  const scale = createLossScale({ initial: 1024, growthInterval: 3 })
  const step = compileFunction('scaled', [{ dtype: DType.float, shape: [] }], (factor) => {
    const p = readVariable(parameter.variable)
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => scale.scaled(tf.sum(tf.mul(x, factor as tf.Tensor))))(p)
    const { gradients, finite } = scale.unscale([grad])
    state.apply({ parameters: [parameter], values: [p], gradients, lr: tf.scalar(0.1), finite })
    return [value]
  })
  return {
    scale,
    slots: () => [...state.slots.values()].map((slot) => [...readVariableValues(slot)]),
    step(factor: number) {
      const id = runtime.createTensor([], DType.float, Float32Array.from([factor]))
      const [loss] = step.run([id])
      for (const used of [id, loss?.id ?? -1]) runtime.deleteTensor(used)
      return readVariableValues(parameter.variable)[0] ?? Number.NaN
    },
    end() {
      step.dispose()
      scale.dispose()
      state.dispose()
      deleteVariable(parameter.variable)
    },
  }
}

test.each([false, true])(
  'clean steps equal unscaled SGD (nesterov %s), and the scale doubles after the interval',
  (nesterov) => {
    const training = scaledTraining({ nesterov })
    let [p, v] = [1, 0]
    for (let i = 0; i < 3; i++) {
      v = 0.9 * v + 2
      p -= 0.1 * (nesterov ? 2 + 0.9 * v : v)
      expect(training.step(2)).toBeCloseTo(p, 5)
    }
    expect(training.scale.read()).toEqual({ scale: 2048, cleanSteps: 0 })
    training.end()
  },
)

test('an overflow skips the step, halves the scale and leaves the momentum as it was', () => {
  const training = scaledTraining({})
  const first = training.step(2)
  expect(training.step(Number.POSITIVE_INFINITY)).toBe(first)
  expect(training.scale.read()).toEqual({ scale: 512, cleanSteps: 0 })
  // v = 0.9 x 2 + 2: the skipped step left no trace.
  expect(training.step(2)).toBeCloseTo(first - 0.1 * 3.8, 5)
  training.end()
})

test.each(Object.keys(optimizers) as OptimizerName[])('%s leaves nothing of a step that is not finite', (name) => {
  const training = scaledTraining({ name, weightDecay: 0.01 })
  const first = training.step(2)
  const slots = training.slots()
  expect(training.step(Number.NaN)).toBe(first)
  expect(training.step(Number.POSITIVE_INFINITY)).toBe(first)
  expect(training.slots()).toEqual(slots)
  expect(training.step(2)).toBeLessThan(first)
  training.end()
})
