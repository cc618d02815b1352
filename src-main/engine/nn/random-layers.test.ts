// Dropout and stochastic depth: shares, scales, one mask for each key, new masks in a traced step, nothing outside training.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { tensorFlowBackend } from '../tensorflow/backend.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { readVariable, readVariableValues } from '../tensorflow/variables.ts'
import { modelBuilders } from './model-builders.ts'
import type { ModelOptions } from './model-options.ts'
import { type ForwardPass, ParameterSet } from './parameters.ts'
import { dropout, dropPath } from './random-layers.ts'

beforeAll(startForTests)

const passOf = (training: boolean, step?: number): ForwardPass => ({
  training,
  read: () => {
    throw new Error('These layers have no parameters.')
  },
  onStatistics: () => {},
  ...(step === undefined ? {} : { randomKey: (stream) => tf.tensor1d([step, stream], 'int32') }),
})
const masked = (layer: ReturnType<typeof dropout>, shape: number[], pass: ForwardPass) =>
  tf.tidy(() => layer(tf.ones(shape), pass).dataSync().slice() as Float32Array)

test('dropout zeroes its share of the values and scales the rest', () => {
  const values = masked(dropout(new ParameterSet(1), 0.2), [500, 400], passOf(true, 1))
  expect(new Set(values)).toEqual(new Set([0, 1.25]))
  // Five standard errors of 200,000 draws.
  expect(Math.abs(values.filter((v) => v === 0).length / values.length - 0.2)).toBeLessThan(0.0045)
})

test('drop-path keeps or drops whole examples', () => {
  const values = masked(dropPath(new ParameterSet(1), 0.5), [2000, 3, 2], passOf(true, 1))
  const examples = Array.from({ length: 2000 }, (_, i) => values.slice(6 * i, 6 * i + 6))
  for (const example of examples) expect(new Set(example).size).toBe(1)
  expect(new Set(values)).toEqual(new Set([0, 2]))
  expect(Math.abs(examples.filter((e) => e[0] === 0).length / 2000 - 0.5)).toBeLessThan(0.056)
})

test('layers and steps draw masks of their own, the same key the same mask', () => {
  const set = new ParameterSet(1)
  const [first, second] = [dropout(set, 0.5), dropout(set, 0.5)]
  const mask = (layer: typeof first, step: number) => masked(layer, [64], passOf(true, step))
  expect(mask(first, 1)).toEqual(mask(first, 1))
  expect(mask(first, 1)).not.toEqual(mask(second, 1))
  expect(mask(first, 1)).not.toEqual(mask(first, 2))
})

test('a traced step draws anew for each key that it is given', () => {
  const { runtime } = tensorFlowBackend()
  const layer = dropout(new ParameterSet(1), 0.5)
  const compiled = compileFunction('dropped', [{ dtype: DType.int32, shape: [] }], (step) => {
    const randomKey = (stream: number) => tf.stack([step as tf.Tensor, tf.scalar(stream, 'int32')])
    return [layer(tf.fill([64], 1), { ...passOf(true), randomKey })]
  })
  const maskAt = (step: number) => {
    const input = runtime.createTensor([], DType.int32, Int32Array.of(step))
    const output = compiled.run([input])[0]?.id ?? -1
    const values = new Float32Array(runtime.readTensor(output).bytes)
    for (const id of [input, output]) runtime.deleteTensor(id)
    return values
  }
  const eager = masked(layer, [64], passOf(true, 5))
  expect(maskAt(5)).toEqual(eager)
  expect(maskAt(6)).not.toEqual(eager)
  compiled.dispose()
})

test('nothing is dropped outside training, nor at rate 0', () => {
  const ones = new Float32Array(8).fill(1)
  expect(masked(dropout(new ParameterSet(1), 0.5), [8], passOf(false))).toEqual(ones)
  expect(masked(dropPath(new ParameterSet(1), 0), [8], passOf(true))).toEqual(ones)
})

test('a training pass without keys is refused where a rate is above 0', () => {
  expect(() => masked(dropout(new ParameterSet(1), 0.5), [8], passOf(true))).toThrow(TypeError)
})

test("a model's record gives its rates, which options override", () => {
  const train = (options: ModelOptions) => {
    const network = modelBuilders['mobilenet-v2'](10, 1, options)
    const pass: ForwardPass = {
      training: true,
      read: (p) => readVariable(p.variable),
      onStatistics: (_, value) => value.dispose(),
    }
    try {
      return tf.tidy(() => network.forward(tf.ones([2, 32, 32, 3]), pass).shape)
    } finally {
      network.parameters.dispose()
    }
  }
  expect(() => train({})).toThrow(TypeError)
  expect(train({ dropout: 0 })).toEqual([2, 10])
})

test('zero-init puts the last gamma of each residual block at zero, and no other', () => {
  const network = modelBuilders.resnet18(10, 1, { zeroInitResidual: true })
  const gammas = network.parameters.all.filter((p) => p.role === 'norm-weight')
  for (const { name, variable } of gammas) {
    const expected = name.endsWith('.bn2.weight') ? 0 : 1
    expect(new Set(readVariableValues(variable)), name).toEqual(new Set([expected]))
  }
  expect(gammas).toHaveLength(20)
  network.parameters.dispose()
})
