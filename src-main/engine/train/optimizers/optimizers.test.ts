// 50 steps of every optimizer, and of lookahead, against PyTorch and timm (tools/oracle), 1e-5 relative.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import {
  type OracleParameterKind,
  optimizerOracles,
  oracleParameterKinds,
} from '../../../../tools/oracle/read-values.ts'
import { optimizers } from '../../../shared/registry/training.ts'
import { runConfigSchema } from '../../../shared/run-config.ts'
import type { Parameter, ParameterRole } from '../../nn/parameters.ts'
import { compileFunction } from '../../tensorflow/compiled-function.ts'
import { DType } from '../../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../../tensorflow/runtime.ts'
import { relativeError, startForTests } from '../../tensorflow/start-for-tests.ts'
import { createVariable, deleteVariable, readVariable, readVariableValues } from '../../tensorflow/variables.ts'
import { createLookahead } from '../lookahead.ts'
import { buildOptimizer } from './build-optimizer.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const oracle = optimizerOracles()
const roles: Record<OracleParameterKind, ParameterRole> = {
  weight: 'linear-weight',
  normScale: 'norm-weight',
  normBias: 'norm-bias',
  bias: 'bias',
}

const shapeOf = (kind: OracleParameterKind) => (kind === 'weight' ? [2, 3] : [oracle.problem[kind].start.length])

test('every optimizer of the registry is compared with a reference', () => {
  const compared = new Set(oracle.cases.map(({ optimizer }) => optimizer.name ?? 'sgd'))
  expect([...compared].sort()).toEqual(Object.keys(optimizers).sort())
})

test.each(oracle.cases.map((c) => [c.name, c] as const))('%s follows the path of the reference', (_, c) => {
  const config = runConfigSchema.parse({ optimizer: c.optimizer }).optimizer
  const parameters: Parameter[] = oracleParameterKinds.map((kind) => ({
    name: kind,
    role: roles[kind],
    trainable: true,
    layer: 0,
    variable: createVariable(kind, shapeOf(kind), Float32Array.from(oracle.problem[kind].start)),
  }))
  const optimizer = buildOptimizer(parameters, config)
  const lookahead = createLookahead(runtime, parameters, config)
  const step = compileFunction('optimizer', [{ dtype: DType.float, shape: [] }], (lr) => {
    const values = parameters.map((p) => readVariable(p.variable))
    const gradients = oracleParameterKinds.map((kind, i) => {
      const { target, curvature } = oracle.problem[kind]
      return tf.mul(
        tf.sub(values[i] as tf.Tensor, tf.tensor(target, shapeOf(kind))),
        tf.tensor(curvature, shapeOf(kind)),
      )
    })
    optimizer.apply({ parameters, values, gradients, lr: lr as tf.Tensor, finite: null })
    return []
  })
  for (let t = 0; t < oracle.steps; t++) {
    const lr = runtime.createTensor([], DType.float, Float32Array.from([c.optimizer.lr * (oracle.rates[t] ?? 1)]))
    step.run([lr])
    runtime.deleteTensor(lr)
    lookahead?.afterStep(t + 1, oracle.steps)
    const point = c.path.find((p) => p.step === t + 1)
    if (!point) continue
    for (const [i, kind] of oracleParameterKinds.entries()) {
      const found = readVariableValues((parameters[i] as Parameter).variable)
      expect(relativeError(found, point[kind])).toBeLessThan(1e-5)
    }
  }
  step.dispose()
  lookahead?.dispose()
  optimizer.dispose()
  for (const { variable } of parameters) deleteVariable(variable)
})
