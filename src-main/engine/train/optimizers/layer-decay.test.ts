// Layer-wise rates against timm (tools/oracle/layer_decay.py): 50 steps, 1e-5 relative. The layers of the networks are compared in
// registry-networks.test.ts.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { layerDecayOracles } from '../../../../tools/oracle/read-layer-decay.ts'
import { modelNames } from '../../../shared/registry/models.ts'
import { runConfigSchema } from '../../../shared/run-config.ts'
import { modelBuilders } from '../../nn/model-builders.ts'
import type { Parameter } from '../../nn/parameters.ts'
import { compileFunction } from '../../tensorflow/compiled-function.ts'
import { DType } from '../../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../../tensorflow/runtime.ts'
import { relativeError, startForTests } from '../../tensorflow/start-for-tests.ts'
import { createVariable, deleteVariable, readVariable, readVariableValues } from '../../tensorflow/variables.ts'
import { buildOptimizer } from './build-optimizer.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const oracle = layerDecayOracles()

test('every network has its layers from timm, but for those that timm lacks', () => {
  const compared = new Set(oracle.networks.map(({ name }) => name))
  // The same rule without a reference: a layer for each block, the head last.
  const cifarForms = ['20', '32', '44', '56', '110', '20-b', '56-b', '110-b'].map((form) => {
    const [depth, option] = form.split('-')
    return option ? `resnet${depth}-cifar-${option}` : `resnet${depth}-cifar`
  })
  // LeNet-5 and airbench94 have no blocks.
  const without = [...cifarForms, 'wrn-28-10', 'squeezenet1-1', 'lenet5', 'airbench94']
  expect(modelNames.filter((name) => !compared.has(name)).sort()).toEqual(without.sort())
})

test.each(oracle.paths.map((c) => [c.optimizer.name, c] as const))('%s follows the path of the reference', (_, c) => {
  const config = runConfigSchema.parse({ optimizer: { ...c.optimizer, weightDecayScope: 'weights' } }).optimizer
  const parameters = oracle.parameters.map(({ layer, shape, start }, i): Parameter => {
    // Every value is treated alike, so that a matrix may stay in PyTorch's layout.
    const role = shape.length > 1 ? 'linear-weight' : 'bias'
    return {
      name: `p${i}`,
      role,
      trainable: true,
      layer,
      variable: createVariable('p', shape, Float32Array.from(start)),
    }
  })
  const optimizer = buildOptimizer(parameters, config)
  const step = compileFunction('optimizer', [{ dtype: DType.float, shape: [] }], (lr) => {
    const values = parameters.map(({ variable }) => readVariable(variable))
    const gradients = values.map((value, i) => {
      const { target, shape } = oracle.parameters[i] as (typeof oracle.parameters)[number]
      return tf.mul(tf.sub(value, tf.tensor(target, shape)), 0.5)
    })
    optimizer.apply({ parameters, values, gradients, lr: lr as tf.Tensor, finite: null })
    return []
  })
  for (let t = 0; t < oracle.steps; t++) {
    const lr = runtime.createTensor([], DType.float, Float32Array.of(c.optimizer.lr * (oracle.rates[t] ?? 1)))
    step.run([lr])
    runtime.deleteTensor(lr)
    const point = c.path.find((p) => p.step === t + 1)
    for (const [i, values] of point?.values.entries() ?? []) {
      const found = readVariableValues((parameters[i] as Parameter).variable)
      expect(relativeError(found, values), `parameter ${i} at step ${t + 1}`).toBeLessThan(1e-5)
    }
  }
  step.dispose()
  optimizer.dispose()
  for (const { variable } of parameters) deleteVariable(variable)
})

test('a network without blocks is refused', () => {
  const network = modelBuilders.lenet5(10, 1)
  const config = runConfigSchema.parse({ optimizer: { layerDecay: 0.75 } }).optimizer
  const trainable = network.parameters.all.filter((p) => p.trainable)
  expect(() => buildOptimizer(trainable, config)).toThrow('has no blocks')
  network.parameters.dispose()
})
