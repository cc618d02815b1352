// Running statistics estimated anew: against torch.optim.swa_utils.update_bn (tools/oracle/batch_norm_forms.py), on a network's
// own variables and on an average of them, and in a training.
import type * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { pattern, patternParameter } from '../../../tools/oracle/pattern.ts'
import { batchNormFormOracles } from '../../../tools/oracle/read-batch-norm.ts'
import { type RunConfigInput, runConfigSchema } from '../../shared/run-config.ts'
import type { PixelDataset } from '../data/dataset.ts'
import { drawCount } from '../data/draws.ts'
import { temporaryFolder } from '../data/temporary-folder.ts'
import { evaluationPass } from '../nn/evaluation-pass.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import type { Network, Parameter } from '../nn/parameters.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { relativeError, startForTests } from '../tensorflow/start-for-tests.ts'
import {
  createVariable,
  deleteVariable,
  readVariableValues,
  type Variable,
  writeVariable,
} from '../tensorflow/variables.ts'
import type { BatchSource } from './batch-source.ts'
import { trainingStateName } from './checkpoint.ts'
import { normalise } from './input-pipeline.ts'
import { reestimateStatistics } from './reestimate-statistics.ts'
import { savedWeights } from './saved-weights-for-tests.ts'
import { trainSeed } from './seed-training.ts'
import { stepContext } from './step-context.ts'
import { fromTorchLayout, toTorchLayout } from './torch-layout.ts'

const oracle = batchNormFormOracles().reestimated
const [batchSize, height, width, channels] = oracle.images
// Sums of 20 layers, float32 against float64.
const tolerance = 1e-4

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const bytes = (batch: number) =>
  Uint8Array.from(pattern(62_000 + batch, batchSize * height * width * channels), (u) => Math.floor(128 + 120 * u))

function madeUp(count: number): PixelDataset {
  const images = new Uint8Array(count * height * width * channels)
  for (let b = 0; b * batchSize < count; b++) images.set(bytes(b), b * batchSize * height * width * channels)
  const set = { images, labels: Uint8Array.from({ length: count }, (_, i) => i % 10), count }
  return {
    storage: 'pixels',
    summary: {
      id: 'made-up',
      label: 'Made up',
      train: count,
      test: count,
      classes: Array.from({ length: 10 }, (_, i) => String(i)),
      fingerprint: 'x',
      benchmark: false,
      skipped: [],
    },
    shape: [height, width, channels],
    mean: oracle.mean,
    std: oracle.std,
    train: set,
    test: set,
  }
}

/** The oracle's batches in its order, without augmentation. */
const source: BatchSource = {
  stepsPerEpoch: oracle.batches,
  parts: () => 1,
  batch: async (step) => ({
    size: batchSize,
    input: [height, width],
    ids: [
      runtime.createTensor([batchSize, height, width, channels], DType.uint8, bytes(step)),
      runtime.createTensor([batchSize], DType.int32, new Int32Array(batchSize)),
      runtime.createTensor([batchSize, drawCount], DType.int32, new Int32Array(batchSize * drawCount)),
      runtime.createTensor([], DType.int32, Int32Array.of(1)),
    ],
  }),
  release: (batch) => {
    for (const id of batch.ids) runtime.deleteTensor(id)
  },
}

/** Weights by the formula of the oracle; statistics are left far off, to be replaced. */
function setByFormula(network: Network, variableOf: (parameter: Parameter) => Variable): void {
  const learned = network.parameters.all.filter(({ role }) => role !== 'buffer')
  for (const [i, parameter] of learned.entries()) {
    const { name, role, variable } = parameter
    const { shape } = toTorchLayout(new Float32Array(0), variable.shape, role)
    writeVariable(variableOf(parameter), fromTorchLayout(patternParameter(i, name, shape), variable.shape, role))
  }
  for (const parameter of network.parameters.all) {
    if (parameter.role !== 'buffer') continue
    writeVariable(variableOf(parameter), new Float32Array(parameter.variable.size).fill(7))
  }
}

const configOf = (more: RunConfigInput = {}) =>
  runConfigSchema.parse({ model: { name: oracle.model }, evaluation: { batchSize }, ...more })

test.each(['its own variables', 'an average of them'] as const)('on %s it equals update_bn', async (which) => {
  const dataset = madeUp(batchSize)
  const network = modelBuilders[oracle.model](10, 1)
  const context = stepContext(network, dataset, configOf(), 10)
  const averages = new Map(
    network.parameters.all.map((parameter) => {
      const { name, variable } = parameter
      return [parameter, createVariable(name, variable.shape, readVariableValues(variable))] as const
    }),
  )
  const averaged = which === 'an average of them'
  const variableOf = (p: Parameter) => (averaged ? (averages.get(p) as Variable) : p.variable)
  setByFormula(network, variableOf)
  const before = network.parameters.all.map(({ variable }) => readVariableValues(variable))
  const handles = runtime.handleCount
  await reestimateStatistics(runtime, context, source, { step: 0, batches: oracle.batches, variableOf })
  expect(runtime.handleCount).toBe(handles)
  for (const { name, values } of oracle.runningStatistics) {
    const buffer = network.parameters.all.find((p) => p.name === name) as Parameter
    expect(relativeError(readVariableValues(variableOf(buffer)), values), name).toBeLessThan(tolerance)
  }
  for (const [i, { role, variable }] of network.parameters.all.entries()) {
    if (averaged || role !== 'buffer') expect(readVariableValues(variable)).toEqual(before[i])
  }
  const judge = compileFunction('judge', [{ dtype: DType.uint8, shape: oracle.images }], (images) => [
    network.forward(normalise(images as tf.Tensor, context.normalization), evaluationPass(variableOf)),
  ])
  const input = runtime.createTensor(oracle.images, DType.uint8, bytes(0))
  const [logits] = judge.run([input])
  const found = new Float32Array(runtime.readTensor(logits?.id ?? -1).bytes)
  expect(relativeError(found, oracle.evalLogits.flat())).toBeLessThan(tolerance)
  for (const id of [input, logits?.id ?? -1]) runtime.deleteTensor(id)
  judge.dispose()
  context.optimizer.dispose()
  network.parameters.dispose()
  for (const variable of averages.values()) deleteVariable(variable)
})

/** Values of the checkpoint of the last epoch by name, and the test loss. */
async function trained(more: RunConfigInput) {
  const checkpoints = temporaryFolder()
  const config = configOf({ ...more, train: { length: 1, batchSize: 4, ...more.train } })
  const reports = {
    phase: () => {},
    start: () => {},
    steps: () => {},
    epoch: () => {},
    dataWait: () => {},
  }
  const never = { now: new AbortController().signal, afterEpoch: false }
  const { result } = await trainSeed(runtime, madeUp(12), config, 1, reports, never, { checkpoints })
  const weights = [...savedWeights(checkpoints)].filter(([name]) => !trainingStateName.test(name))
  return { saved: new Map(weights), loss: result?.last.loss ?? Number.NaN }
}

const differing = (a: Map<string, Float32Array>, b: Map<string, Float32Array>) =>
  [...a].flatMap(([name, values]) => (relativeError(values, b.get(name) ?? []) > 0 ? [name] : []))

test.each(['none', 'timm'] as const)('a training with average %s is judged and saved with them', async (ema) => {
  const train = { ema, emaDecay: 0.5 }
  const [plain, anew] = [await trained({ train }), await trained({ train, norm: { reestimate: 2 } })]
  const names = differing(plain.saved, anew.saved)
  expect(names).toHaveLength(2 * 19)
  for (const name of names) expect(name).toMatch(/\.running_(mean|var)$/)
  expect(anew.loss).not.toBe(plain.loss)
  expect(Number.isFinite(anew.loss)).toBe(true)
})

test('frozen statistics stay at their start through a training', async () => {
  // Nothing keeps the activations in bounds, so the steps are small.
  const { saved } = await trained({ norm: { freeze: 'statistics', reestimate: 2 }, optimizer: { lr: 1e-5 } })
  expect(new Set(saved.get('bn1.running_mean'))).toEqual(new Set([0]))
  expect(new Set(saved.get('bn1.running_var'))).toEqual(new Set([1]))
  expect(new Set(saved.get('bn1.weight'))).not.toEqual(new Set([1]))
})
