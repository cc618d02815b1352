// SGD and Lookahead of the engine against torch.optim.SGD over 50 steps.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { type ParameterRole, ParameterSet } from '../../src-main/engine/nn/parameters.ts'
import type { TensorFlowRuntime } from '../../src-main/engine/tensorflow/runtime.ts'
import { readVariable, readVariableValues } from '../../src-main/engine/tensorflow/variables.ts'
import { createLookahead } from '../../src-main/engine/train/lookahead.ts'
import { applySgd, createSgdState } from '../../src-main/engine/train/sgd.ts'
import { runConfigSchema } from '../../src-main/shared/run-config.ts'
import { type OracleParameterKind, optimizerOracles, oracleParameterKinds } from './read-values.ts'
import { relativeDistance, startEngine } from './start-engine.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startEngine()
})

const roles: Record<OracleParameterKind, ParameterRole> = {
  weight: 'linear-weight',
  normScale: 'norm-weight',
  normBias: 'norm-bias',
  bias: 'bias',
}
const { problem, rates, steps, cases } = optimizerOracles()

test.each(cases)('$name takes the steps of PyTorch', ({ optimizer, path }) => {
  const config = runConfigSchema.parse({ optimizer }).optimizer
  const set = new ParameterSet(1)
  for (const kind of oracleParameterKinds) {
    const { start } = problem[kind]
    set.add(kind, roles[kind], [start.length], () => Float32Array.from(start))
  }
  const state = createSgdState(set.all, config)
  const lookahead = createLookahead(runtime, set.all, config)
  for (let step = 1; step <= steps; step += 1) {
    tf.tidy(() => {
      const values = set.all.map(({ variable }) => readVariable(variable))
      const gradients = oracleParameterKinds.map((kind, i) => {
        const { curvature, target } = problem[kind]
        return tf.mul(tf.tensor1d(curvature), tf.sub(values[i] as tf.Tensor, tf.tensor1d(target)))
      })
      applySgd(set.all, values, gradients, tf.scalar(config.lr * (rates[step - 1] as number)), state, config)
    })
    lookahead?.afterStep(step, steps)
    if (step === steps) lookahead?.finish()
    const expected = path.find((point) => point.step === step)
    if (!expected) continue
    for (const [i, kind] of oracleParameterKinds.entries()) {
      const found = readVariableValues((set.all[i] as (typeof set.all)[number]).variable)
      expect(relativeDistance(found, expected[kind]), `${kind} after step ${step}`).toBeLessThan(3e-6)
    }
  }
  lookahead?.dispose()
  state.dispose()
  set.dispose()
})
