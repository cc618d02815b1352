// Whole runs on a folder of JPEG files of unlike sizes: prepared as the user's folder is, then trained as a recipe for ImageNet
// trains, at 64 pixels, with few pictures.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeFileDataset } from '../engine/data/files-for-tests.ts'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import { findLibtensorflow } from '../engine/tensorflow/library/find-libtensorflow.ts'
import { jobIn, recordingOptions } from '../preparation/preparation-for-tests.ts'
import { prepareDataset } from '../preparation/prepare-dataset.ts'
import { parseRecipe } from '../shared/recipe.ts'
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../shared/run-config.ts'
import type { DataSummary, SeedResult, StepPoint, TrainJob, WorkerToHost } from '../shared/worker-protocol.ts'
import { trainRun } from './train-run.ts'

const recipeFile = new URL('../../resources/recipes/imagenet-resnet50-he-10-crop.json', import.meta.url)
const recipe = parseRecipe(readFileSync(recipeFile, 'utf8'), 'imagenet-resnet50-he-10-crop.json')

/** The recipe's way to augment and judge, with a small network and input, for three steps. */
function reduced(data: RunConfigInput['data']): RunConfig {
  const { config } = recipe
  return runConfigSchema.parse({
    ...config,
    data,
    model: { name: 'squeezenet1-1' },
    input: { ...config.input, size: 64 },
    augment: { ...config.augment, crop: 'random-resized', lighting: 0 },
    train: { ...config.train, lengthUnit: 'epochs', length: 1, batchSize: 8, accumulate: 1 },
    optimizer: { ...config.optimizer, lr: 0.001 },
    evaluation: { ...config.evaluation, batchSize: 4, size: 64, resize: 72 },
    norm: { ...config.norm, reestimate: 0 },
  })
}

let runs = 0

async function run(
  folder: string,
  config: RunConfig,
  onMessage: (message: WorkerToHost, stop: () => void) => void = () => {},
) {
  const messages: WorkerToHost[] = []
  runs += 1
  const stop = new AbortController()
  const job: TrainJob = {
    type: 'train',
    runId: 'r',
    config,
    seeds: [1],
    runDir: join(folder, `run-${runs}`),
    datasetsDir: join(folder, 'datasets'),
    libtensorflowDir: (await findLibtensorflow()).folder,
  }
  const ended = await trainRun(
    job,
    (message) => {
      messages.push(message)
      onMessage(message, () => stop.abort())
    },
    { now: stop.signal, afterEpoch: false },
  )
  const of = <T extends WorkerToHost['type']>(type: T) =>
    messages.filter((message): message is Extract<WorkerToHost, { type: T }> => message.type === type)
  return {
    ended,
    losses: of('steps')
      .flatMap(({ points }): StepPoint[] => points)
      .map(({ loss }) => loss),
    result: of('seed-end')[0]?.result as SeedResult,
    data: of('data').map(({ data }): DataSummary => data),
    log: of('log').map(({ text }) => text),
  }
}

test('24 pictures in files train, streamed, from memory and from a file alike', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder()
  const source = join(folder, 'source')
  const { paths } = await writeFileDataset(source, 24, 6)
  await prepareDataset(jobIn(folder, { datasetId: 'mine', path: source }), recordingOptions(folder))

  const streamed = await run(folder, reduced({ dataset: 'mine', cache: 'none' }))
  expect(streamed).toMatchObject({
    ended: 'finished',
    losses: [expect.any(Number), expect.any(Number), expect.any(Number)],
  })
  expect(streamed.losses.every(Number.isFinite)).toBe(true)
  expect(streamed.result.last).toMatchObject({ step: 3, epoch: 1 })
  expect(Number.isFinite(streamed.result.last.loss)).toBe(true)
  expect(streamed.data).toMatchObject([{ train: 24, test: 6, decoded: { kept: 'none', bytes: 0 } }])
  expect(streamed.log).toContain('Pictures: streamed from their files')

  for (const cache of ['memory', 'disk'] as const) {
    const kept = await run(folder, reduced({ dataset: 'mine', cache }))
    expect(kept.losses).toEqual(streamed.losses)
    expect(kept.result.last.loss).toBe(streamed.result.last.loss)
    expect(kept.data).toMatchObject([{ decoded: { kept: cache } }])
    expect(kept.log.join('\n')).toMatch(/Pictures: decoded once in (memory|a file), about 0\.\d+ GB/)
  }

  const decoding = (message: WorkerToHost) =>
    message.type === 'phase' && message.phase === 'data' && message.total === 30
  const other = reduced({ dataset: 'mine', cache: 'disk', shortSide: 80 })
  const stopped = await run(folder, other, (message, stop) => decoding(message) && stop())
  expect(stopped).toMatchObject({ ended: 'stopped', losses: [], data: [] })

  // One of training and one of the test are damaged after the preparation.
  for (const place of [5, 26]) writeFileSync(join(source, paths[place] ?? ''), 'no picture any more')
  const damaged = await run(folder, reduced({ dataset: 'mine', cache: 'none' }))
  expect(damaged.losses).toHaveLength(3)
  expect(damaged.losses).not.toEqual(streamed.losses)
  expect(damaged.data.at(-1)).toMatchObject({ unread: { train: 1, test: 1 }, benchmark: false, benchmarkTest: null })
  const lines = damaged.log.filter((line) => line.startsWith('Could not read'))
  expect(lines).toHaveLength(2)
  expect(lines.join('\n')).toMatch(/5\.jpg \(.+\): the next picture of its class took its place/)
  expect(lines.join('\n')).toMatch(/26\.jpg \(.+\): it is left out of the test figure/)
})
