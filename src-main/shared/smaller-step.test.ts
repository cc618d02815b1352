import { expect, test } from 'vitest'
import { forecastMemory } from './memory-forecast.ts'
import { type RunConfig, type RunConfigInput, runConfigSchema } from './run-config.ts'
import { smallerSteps } from './smaller-step.ts'

const configOf = (input: RunConfigInput) => runConfigSchema.parse(input)
const forecast = (config: RunConfig) => forecastMemory(config, { dataBytes: 0, feedThreads: 0 })
/** A network of which every picture of a batch takes 4 bytes, or 1 with checkpointing. */
const byPictures = ({ train, compute }: RunConfig) => train.batchSize * (compute.checkpointing ? 1 : 4)

test('checkpointing comes first, then parts of a batch that make up the same step', () => {
  const config = configOf({ model: { name: 'resnet50' }, train: { batchSize: 64, accumulate: 2 } })
  const accumulate = (batch: number, times: number) => ({
    id: 'accumulate',
    changes: { 'train.batchSize': batch, 'train.accumulate': times },
    values: { batchNormPictures: batch, bytes: 4 * batch },
  })
  expect(smallerSteps(config, byPictures)).toEqual([
    { id: 'checkpointing', changes: { 'compute.checkpointing': true }, values: { bytes: 64 } },
    accumulate(32, 4),
    accumulate(16, 8),
    accumulate(8, 16),
  ])
})

test('each way is predicted to need less, by the forecast of the model', () => {
  for (const name of ['resnet50', 'vit-small-patch16', 'resnet20-cifar'] as const) {
    const config = configOf({ model: { name }, train: { batchSize: 512 }, evaluation: { batchSize: 1 } })
    const ways = smallerSteps(config, forecast)
    expect(ways.map(({ id }) => id)).toEqual(['checkpointing', 'accumulate', 'accumulate', 'accumulate'])
    const bytes = ways.slice(1).map(({ values }) => Number(values.bytes))
    expect(bytes).toEqual([...bytes].sort((a, b) => b - a))
    for (const { values } of ways) expect(values.bytes).toBeLessThan(forecast(config))
  }
})

test('where evaluations need the most, fewer pictures are judged at a time, until steps need as much', () => {
  const byLarger = ({ train, evaluation }: RunConfig) => Math.max(train.batchSize * 4, evaluation.batchSize)
  const config = configOf({ train: { batchSize: 32 }, evaluation: { batchSize: 1000 } })
  expect(smallerSteps(config, byLarger)).toEqual([
    { id: 'evaluation', changes: { 'evaluation.batchSize': 125 }, values: { bytes: 128 } },
  ])
  const vit = configOf({
    model: { name: 'vit-small-patch16' },
    train: { batchSize: 2 },
    evaluation: { batchSize: 4096 },
  })
  expect(smallerSteps(vit, forecast).map(({ id }) => id)).toEqual(['evaluation'])
})

test('what saves nothing is left out', () => {
  const lenet = configOf({ model: { name: 'lenet5' }, train: { batchSize: 16 } })
  expect(smallerSteps(lenet, forecast).map(({ id }) => id)).not.toContain('checkpointing')
  const checkpointed = configOf({ model: { name: 'resnet50' }, compute: { checkpointing: true } })
  expect(smallerSteps(checkpointed, byPictures).map(({ id }) => id)).not.toContain('checkpointing')
  expect(smallerSteps(checkpointed, () => 1)).toEqual([])
})

test.each<[RunConfigInput, (number | undefined)[]]>([
  [{ model: { name: 'vit-small-patch16' } }, [0, 0, 0]],
  [{ model: { name: 'resnet50' } }, [16, 8, 4]],
  // Parts of whole ghost batches normalise as before.
  [{ model: { name: 'resnet50' }, norm: { ghostBatch: 8 } }, [0, 0, 4]],
  [{ model: { name: 'resnet50' }, norm: { freeze: 'statistics' } }, [0, 0, 0]],
])('pictures that are normalised together: %j', (input, pictures) => {
  const config = configOf({ ...input, train: { batchSize: 32 } })
  const parts = smallerSteps(config, byPictures).filter(({ id }) => id === 'accumulate')
  expect(parts.map(({ values }) => values.batchNormPictures)).toEqual(pictures)
})

test('a batch is divided evenly, and batch normalisation keeps two pictures', () => {
  const sizes = (name: 'resnet50' | 'vit-small-patch16', batchSize: number) =>
    smallerSteps(configOf({ model: { name }, train: { batchSize } }), byPictures)
      .filter(({ id }) => id === 'accumulate')
      .map(({ changes }) => changes['train.batchSize'])
  expect(sizes('resnet50', 12)).toEqual([6, 3])
  expect(sizes('resnet50', 4)).toEqual([2])
  expect(sizes('vit-small-patch16', 4)).toEqual([2, 1])
  expect(sizes('resnet50', 3)).toEqual([])
})
