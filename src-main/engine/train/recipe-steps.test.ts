// Every recipe that ships, at reduced size: its settings resolve, its network builds, its pictures come, and it takes a real
// step, op by op. Then a whole training of two compiled steps and an evaluation, for each way to train on a shallow network of its
// family; for every recipe on its own network with REPRISE_EVERY_RECIPE=1, which takes minutes, as TensorFlow optimises a
// graph for each.

import { readdirSync, readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { pattern } from '../../../tools/oracle/pattern.ts'
import { inputMisfit } from '../../shared/input-fit.ts'
import { parseRecipe, type Recipe } from '../../shared/recipe.ts'
import { datasets } from '../../shared/registry/datasets.ts'
import { type ModelName, models } from '../../shared/registry/models.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { EpochResult } from '../../shared/worker-protocol.ts'
import type { ImageSet, PictureShape, PixelDataset } from '../data/dataset.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import type { Network } from '../nn/parameters.ts'
import { tensorFlowBackend } from '../tensorflow/backend.ts'
import type { TensorSpec } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { readVariableValues } from '../tensorflow/variables.ts'
import { createBatchSource } from './batch-source.ts'
import { networkOptions } from './network-options.ts'
import { needsFeed, openPictureFeed } from './picture-feed.ts'
import { trainSeed } from './seed-training.ts'
import { shallowBuilders } from './shallow-networks-for-tests.ts'
import { stepContext } from './step-context.ts'
import { trainingStep, trainingStepInputs } from './training-step.ts'

// XLA would compile a kernel for every shape of every network; its parts have tests of their own.
vi.mock(import('../tensorflow/elementwise.ts'), () => ({ fusedByXla: (_name, body, inputs) => body(...inputs) }))

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const folder = new URL('../../../resources/recipes/', import.meta.url)
const recipes = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => parseRecipe(readFileSync(new URL(file, folder), 'utf8'), file))

const classes = 10
const pictures = 4
/** Side of the input of networks for larger pictures. At half of it, batch normalisation at the end would see two values alone. */
const smallSide = 64
/** Side of the made-up photographs: more than the input, so that crops have room. */
const photographSide = 72
/** Larger tensors are left out of the comparison. */
const comparedValues = 100_000

function imageSet([height, width, channels]: PictureShape, stream: number): ImageSet {
  const values = pattern(stream, pictures * height * width * channels)
  const images = Uint8Array.from(values, (value) => Math.round(127.5 + 127 * value))
  return { images, labels: Uint8Array.from({ length: pictures }, (_, i) => (3 * i) % classes), count: pictures }
}

/** Pictures of the size of the recipe's data set, a few of them. */
function madeUpLike(id: string): PixelDataset {
  const record = datasets[id as keyof typeof datasets]
  const [height, width, channels] = record.shape
  const shape: PictureShape = height > 0 ? [height, width, channels] : [photographSide, photographSide, channels]
  return {
    storage: 'pixels',
    summary: {
      id,
      label: record.label,
      train: pictures,
      test: pictures,
      classes: record.classes.slice(0, classes),
      fingerprint: 'made up',
      benchmark: false,
      skipped: [],
    },
    shape,
    mean: [...record.mean],
    std: [...record.std],
    train: imageSet(shape, 1),
    test: imageSet(shape, 2),
  }
}

/** Layers whose last weights start at zero have a gradient from the second step on; lookahead goes back to the first weights. */
const fewestSteps = ({ optimizer }: RunConfig) => (optimizer.lookaheadEvery > 0 ? optimizer.lookaheadEvery + 1 : 2)

/** The recipe's settings for as few steps as move it, of two pictures each, with a small input and a rate for so few. */
function reduced(config: RunConfig): RunConfig {
  const { train, optimizer, input, schedule, evaluation, norm } = config
  const isLarge = models[config.model.name as ModelName].input[0] > photographSide
  const side = isLarge ? smallSide : 0
  const usual = train.batchSize * train.accumulate
  return {
    ...config,
    input: { ...input, size: side },
    train: { ...train, lengthUnit: 'steps', length: fewestSteps(config), batchSize: 2, accumulate: 1 },
    optimizer: { ...optimizer, lr: optimizer.lrScaling === 'none' ? optimizer.lr * (2 / usual) : optimizer.lr },
    schedule: { ...schedule, warmup: 0, cooldown: 0 },
    evaluation: { ...evaluation, every: 1000, batchSize: 2, size: side, resize: evaluation.resize > 0 ? side + 4 : 0 },
    norm: { ...norm, reestimate: Math.min(norm.reestimate, 1) },
  }
}

/** What makes the compiled step of a recipe another one, beside its network. */
function wayToTrain({ optimizer, train }: RunConfig): string {
  return [optimizer.name, optimizer.clip, optimizer.lookaheadEvery > 0, train.loss, train.ema].join(' ')
}

const smallest = new Map<string, Recipe>()
const sizeOf = ({ config }: Recipe) => models[config.model.name as ModelName].parameters
for (const recipe of recipes) {
  const way = wayToTrain(recipe.config)
  const known = smallest.get(way)
  if (!known || sizeOf(recipe) <= sizeOf(known)) smallest.set(way, recipe)
}
const trainsEvery = process.env.REPRISE_EVERY_RECIPE === '1'
const trained = trainsEvery ? recipes : [...smallest.values()]

/** Names in `shallowBuilders` of what stands in for deep networks, unless every recipe is trained. */
const shallow: Partial<Record<ModelName, string>> = {
  resnet50: 'bottleneck',
  'tf-efficientnet-b0': 'efficientnet-v2',
  'mobilenet-v3-large': 'efficientnet-v2',
  'convnext-tiny': 'vit-torchvision',
  'vit-b-16-torchvision': 'vit-torchvision',
  'vit-base-patch16': 'vit-torchvision',
  'deit-tiny-patch16': 'vit-torchvision',
  'vit-small-patch16-plain': 'vit-big-vision',
}

/** Values of the trained parameters that are small enough, by name. */
function smallParameters({ parameters }: Network): Map<string, Float32Array> {
  const small = parameters.all.filter(
    ({ trainable, variable }) => trainable && variable.shape.reduce((a, b) => a * b, 1) <= comparedValues,
  )
  return new Map(small.map(({ name, variable }) => [name, readVariableValues(variable).slice()]))
}

/** What the next network of that name holds before its training, and what it holds now. */
function watchValues(name: ModelName): { before(): Map<string, Float32Array>; now(): Map<string, Float32Array> } {
  const build = (trainsEvery ? undefined : shallowBuilders[shallow[name] ?? '']) ?? modelBuilders[name]
  let values = new Map<string, Float32Array>()
  let built: Network | undefined
  vi.spyOn(modelBuilders, name).mockImplementationOnce((count, seed, options = {}) => {
    const network = build(count, seed, options)
    values = smallParameters(network)
    built = network
    return network
  })
  return { before: () => values, now: () => (built ? smallParameters(built) : new Map()) }
}

afterEach(() => vi.restoreAllMocks())

/** The tensors of native ids, which they own from now on. */
function tensorsOf(ids: readonly number[], specs: readonly TensorSpec[]): tf.Tensor[] {
  return ids.map((id, i) => {
    const { dtype = DType.float, shape = [] } = specs[i] ?? {}
    return tensorFlowBackend().nativeTensor({ id, dtype: dtype as DType, shape: [...shape] })
  })
}

test.each(recipes.map((recipe) => [recipe.id, recipe] as const))(
  '%s builds its network, feeds it and takes a step',
  { timeout: 60_000 },
  async (_, recipe) => {
    const config = reduced(recipe.config)
    const dataset = madeUpLike(config.data.dataset)
    expect(inputMisfit(config, dataset.shape, dataset.summary.label)).toBeNull()
    const network = modelBuilders[config.model.name as ModelName](classes, 1, networkOptions(config))
    const context = stepContext(network, dataset, config, classes)
    const feed = needsFeed(config, dataset.shape) ? openPictureFeed(dataset, config, null) : null
    const source = createBatchSource(runtime, dataset, config, 1, { feed })
    const batch = await source.batch(0, 0)
    const before = smallParameters(network)
    const loss = tf.tidy(() => {
      const [images, labels, drawsOrTargets, layerKey] = tensorsOf(
        batch.ids,
        trainingStepInputs(context, batch),
      ) as Four
      const trainable = network.parameters.all.filter((parameter) => parameter.trainable)
      const lr = tf.scalar(config.optimizer.lr)
      return trainingStep(context, trainable, [images, labels, drawsOrTargets, layerKey, lr])[0].dataSync()[0]
    })
    expect(Number.isFinite(loss)).toBe(true)
    const after = smallParameters(network)
    const changed = [...before].filter(([name, values]) => after.get(name)?.some((value, i) => value !== values[i]))
    expect(changed.length).toBeGreaterThan(0)
    for (const values of after.values()) expect(values.every(Number.isFinite)).toBe(true)
    context.optimizer.dispose()
    network.parameters.dispose()
    await feed?.pool.close()
  },
)

type Four = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]

test.each(trained.map((recipe) => [recipe.id, recipe] as const))(
  '%s trains',
  { timeout: 300_000 },
  async (_, recipe) => {
    const config = reduced(recipe.config)
    const watched = watchValues(config.model.name as ModelName)
    let after = new Map<string, Float32Array>()
    const epochs: EpochResult[] = []
    const { result } = await trainSeed(
      runtime,
      madeUpLike(config.data.dataset),
      config,
      1,
      {
        phase: () => {},
        start: () => {},
        steps: () => {},
        epoch: (epoch) => {
          epochs.push(epoch)
          after = watched.now()
        },
        dataWait: () => {},
      },
      { now: new AbortController().signal, afterEpoch: false },
    )
    expect(result).toMatchObject({ stopped: false, last: { step: config.train.length } })
    expect(epochs).toHaveLength(1)
    expect(Number.isFinite(epochs[0]?.trainLoss)).toBe(true)
    expect(Number.isFinite(epochs[0]?.testLoss)).toBe(true)
    expect([0, 0.25, 0.5, 0.75, 1]).toContain(epochs[0]?.testTop1)
    const before = watched.before()
    const changed = [...before].filter(([name, values]) => after.get(name)?.some((value, i) => value !== values[i]))
    expect(changed.length).toBeGreaterThan(before.size / 2)
    for (const values of after.values()) expect(values.every(Number.isFinite)).toBe(true)
  },
)
