// Every recipe that ships, at reduced size: its settings resolve, its network builds, one real step moves it, and it is judged.
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { pattern } from '../../../tools/oracle/pattern.ts'
import { parseRecipe } from '../../shared/recipe.ts'
import { datasets } from '../../shared/registry/datasets.ts'
import { type ModelName, models } from '../../shared/registry/models.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { EpochResult } from '../../shared/worker-protocol.ts'
import type { Dataset, ImageSet, PictureShape } from '../data/dataset.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import type { Network } from '../nn/parameters.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { readVariableValues } from '../tensorflow/variables.ts'
import { trainSeed } from './seed-training.ts'

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
/** Side of the input of networks for larger pictures: two patches of a vision transformer. */
const smallSide = 32
/** Side of the made-up photographs: more than the input, so that crops have room. */
const photographSide = 40
/** Larger tensors are left out of the comparison. */
const comparedValues = 100_000

function imageSet([height, width, channels]: PictureShape, stream: number): ImageSet {
  const values = pattern(stream, pictures * height * width * channels)
  const images = Uint8Array.from(values, (value) => Math.round(127.5 + 127 * value))
  return { images, labels: Uint8Array.from({ length: pictures }, (_, i) => (3 * i) % classes), count: pictures }
}

/** Pictures of the size of the recipe's data set, a few of them. */
function madeUpLike(id: string): Dataset {
  const record = datasets[id as keyof typeof datasets]
  const [height, width, channels] = record.shape
  const shape: PictureShape = height > 0 ? [height, width, channels] : [photographSide, photographSide, channels]
  return {
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

/** A training of one step has the rate zero in a schedule that rises and falls, and ends at the first weights with lookahead. */
function fewestSteps({ schedule, optimizer }: RunConfig): number {
  const rises = schedule.name === 'one-cycle' || schedule.name === 'triangular'
  return Math.max(rises ? 2 : 1, optimizer.lookaheadEvery > 0 ? optimizer.lookaheadEvery + 1 : 1)
}

/** The recipe's settings for as few steps as move it, of two pictures or twice two, with a small input. */
function reduced(config: RunConfig): RunConfig {
  const { train, input, schedule, evaluation, norm } = config
  const isLarge = models[config.model.name as ModelName].input[0] > photographSide
  const side = isLarge ? smallSide : 0
  const length = fewestSteps(config)
  return {
    ...config,
    input: { ...input, size: side },
    train: { ...train, lengthUnit: 'steps', length, batchSize: 2, accumulate: Math.min(train.accumulate, 2) },
    schedule: { ...schedule, warmup: 0, cooldown: 0 },
    evaluation: { ...evaluation, batchSize: 2, size: side, resize: evaluation.resize > 0 ? side + 4 : 0 },
    norm: { ...norm, reestimate: Math.min(norm.reestimate, 1) },
  }
}

/** Values of the trained parameters that are small enough, by name. */
function smallParameters({ parameters }: Network): Map<string, Float32Array> {
  const small = parameters.all.filter(
    ({ trainable, variable }) => trainable && variable.shape.reduce((a, b) => a * b, 1) <= comparedValues,
  )
  return new Map(small.map(({ name, variable }) => [name, readVariableValues(variable).slice()]))
}

/** What the next network of that name holds before its training. */
function valuesAtStart(name: ModelName): () => Map<string, Float32Array> {
  const build = modelBuilders[name]
  let values = new Map<string, Float32Array>()
  vi.spyOn(modelBuilders, name).mockImplementationOnce((...how) => {
    const network = build(...how)
    values = smallParameters(network)
    return network
  })
  return () => values
}

afterEach(() => vi.restoreAllMocks())

test.each(recipes.map((recipe) => [recipe.id, recipe] as const))(
  '%s takes a step',
  { timeout: 300_000 },
  async (_, recipe) => {
    const config = reduced(recipe.config)
    const before = valuesAtStart(config.model.name as ModelName)
    const epochs: EpochResult[] = []
    let after = new Map<string, Float32Array>()
    const result = await trainSeed(
      runtime,
      madeUpLike(config.data.dataset),
      config,
      1,
      {
        phase: () => {},
        start: () => {},
        steps: () => {},
        epoch: (epoch) => epochs.push(epoch),
        checkpoint: (kind, network) => {
          if (kind === 'last') after = smallParameters(network)
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
    const changed = [...before()].filter(([name, values]) => after.get(name)?.some((value, i) => value !== values[i]))
    expect(changed.length).toBeGreaterThan(before().size / 2)
    for (const values of after.values()) expect(values.every(Number.isFinite)).toBe(true)
  },
)
