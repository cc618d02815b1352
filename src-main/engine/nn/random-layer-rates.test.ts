// Where each network drops values or whole examples in training, and at which rates, against the reference implementations
// (tools/oracle/random_layers.py). The operations only note their rates here.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test, vi } from 'vitest'
import { randomLayerOracles } from '../../../tools/oracle/read-networks.ts'
import { type ModelName, type ModelRecord, modelNames, models } from '../../shared/registry/models.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { readVariable } from '../tensorflow/variables.ts'
import { modelBuilders } from './model-builders.ts'
import type { ForwardPass } from './parameters.ts'

const applied = vi.hoisted(() => [] as { kind: string; rate: number }[])
vi.mock('../tensorflow/ops/dropout.ts', () => {
  const note = (kind: string) => (x: tf.Tensor, rate: number) => {
    applied.push({ kind, rate })
    return x
  }
  return { dropout: note('dropout'), dropPath: note('drop-path') }
})

beforeAll(startForTests)

const oracles = randomLayerOracles()

test('every network with a rate in its record is among them', () => {
  const withRates = modelNames.filter((name) => {
    const { dropout = 0, dropPath = 0 }: ModelRecord = models[name]
    return dropout + dropPath > 0
  })
  const compared = oracles.filter(({ options }) => Object.keys(options).length === 0).map(({ name }) => name)
  expect(compared.sort()).toEqual(withRates.sort())
})

test.each(oracles)('$name drops where its reference does, with $options', ({ name, options, kinds, rates }) => {
  const [size, , channels] = name === 'vgg16-bn' ? models[name].input : [64, 64, 3]
  const network = modelBuilders[name as ModelName](10, 1, { ...options, resolution: size, initialise: false })
  const pass: ForwardPass = {
    training: true,
    read: (p) => readVariable(p.variable),
    onStatistics: (_, value) => value.dispose(),
    randomKey: (stream) => tf.tensor1d([1, stream], 'int32'),
  }
  applied.length = 0
  const input = { dtype: DType.float, shape: [2, size, size, channels] }
  compileFunction('random-layers', [input], (x) => [network.forward(x as tf.Tensor, pass)]).dispose()
  network.parameters.dispose()
  expect(applied.map(({ kind }) => kind)).toEqual(kinds)
  // timm spaces the rates in float32.
  for (const [i, { rate }] of applied.entries()) expect(Math.abs(rate / (rates[i] ?? 0) - 1)).toBeLessThan(1e-6)
})
