// Batches and evaluations of encoded pictures of unlike sizes, as threads prepare them: equal to pictures prepared one by one,
// the same in any order of steps, whole where pictures are broken, prepared ahead of the step within bounds.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../../shared/run-config.ts'
import type { Dataset, FileDataset, PixelDataset } from '../data/dataset.ts'
import { decodeDataset } from '../data/decoded-cache.ts'
import { writeFileDataset } from '../data/files-for-tests.ts'
import { temporaryFolder } from '../data/temporary-folder.ts'
import { createFeedPool } from '../feed/pool.ts'
import type { FeedPlan, FeedPool } from '../feed/types.ts'
import type { CompiledFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { type Batch, createBatchSource } from './batch-source.ts'
import { evaluate } from './evaluation-step.ts'
import { createPlainPool } from './feed-for-tests.ts'
import { openPictureFeed } from './picture-feed.ts'
import type { BrokenReport } from './prepared-batch.ts'
import { createTestSource, type TestSource } from './test-source.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const config = ({ train, compute, ...more }: RunConfigInput = {}): RunConfig =>
  runConfigSchema.parse({
    model: { name: 'resnet20-cifar' },
    augment: { crop: 'random-resized', flip: 'random' },
    train: { length: 3, batchSize: 5, ...train },
    evaluation: { resize: 36 },
    compute: { threads: 2, ...compute },
    ...more,
  })

function feedOf(dataset: Dataset, settings: RunConfig, createPool?: (plan: FeedPlan) => FeedPool) {
  const feed = openPictureFeed(dataset, settings, runtime.dir, createPool)
  onTestFinished(() => feed.pool.close())
  return feed
}

/** Pictures as hexadecimal digits, one by one, and labels. */
function contentOf(batch: Batch): { pictures: string[]; labels: number[] } {
  const bytes = Buffer.from(runtime.readTensor(batch.ids[0]).bytes)
  const length = bytes.length / batch.size
  const pictures = Array.from({ length: batch.size }, (_, i) => bytes.toString('hex', i * length, (i + 1) * length))
  return { pictures, labels: [...new Int32Array(runtime.readTensor(batch.ids[1]).bytes)] }
}

async function contents(
  dataset: FileDataset,
  settings: RunConfig,
  steps: readonly (readonly [step: number, part: number])[],
  options: { createPool?: (plan: FeedPlan) => FeedPool; onBroken?: (report: BrokenReport) => void } = {},
) {
  const { onBroken, createPool = createPlainPool } = options
  const feed = feedOf(dataset, settings, createPool)
  const source = createBatchSource(runtime, dataset, settings, 3, { feed, ...(onBroken ? { onBroken } : {}) })
  const found: ReturnType<typeof contentOf>[] = []
  for (const [step, part] of steps) {
    const batch = await source.batch(step, part)
    found.push(contentOf(batch))
    source.release(batch)
  }
  return found
}

const threads = { createPool: createFeedPool }

describe('batches', () => {
  test('from threads are those of pictures decoded and prepared one by one', async () => {
    const { dataset } = await writeFileDataset(temporaryFolder(), 12, 4)
    const steps = [0, 1, 2, 3].map((step) => [step, 0] as const)
    const ways: RunConfigInput[] = [
      { augment: { crop: 'random-resized', interpolation: 'bicubic', flip: 'random' } },
      { augment: { crop: 'random-crop', cropShortSide: [40, 64], policy: 'trivial-wide', erasing: 0.5 } },
      { data: { shortSide: 80 } },
    ]
    for (const way of ways) {
      const settings = config(way)
      const plain = await contents(dataset, settings, steps)
      expect(await contents(dataset, settings, steps, threads)).toEqual(plain)
    }
  })

  test('are the same for a run that goes on in the middle of an epoch, and in any order', async () => {
    const { dataset } = await writeFileDataset(temporaryFolder(), 12, 4)
    const settings = config({
      train: { length: 3, batchSize: 2, accumulate: 2 },
      augment: { crop: 'random-resized', mixup: 0.4 },
    })
    const all = Array.from({ length: 9 }, (_, step) => [0, 1].map((part) => [step, part] as const)).flat()
    const whole = await contents(dataset, settings, all)
    expect(new Set(whole.flatMap(({ pictures }) => pictures)).size).toBe(36)
    expect(await contents(dataset, settings, all.slice(7))).toEqual(whole.slice(7))
    const mixed = [11, 3, 3, 17, 0, 4, 5] as const
    const found = await contents(
      dataset,
      settings,
      mixed.map((at) => all[at] ?? [0, 0]),
    )
    expect(found).toEqual(mixed.map((at) => whole[at]))
  })

  test('take the next picture of the class for a broken one, whatever was read before', async () => {
    const root = temporaryFolder()
    const { dataset, paths } = await writeFileDataset(root, 12, 4)
    const steps = [0, 1, 2, 3, 4, 5].map((step) => [step, 0] as const)
    const whole = await contents(dataset, config(), steps)
    // Two in a row of one class, and none of the other.
    for (const place of [4, 6]) writeFileSync(join(root, paths[place] ?? ''), 'no picture')
    const told: BrokenReport[] = []
    const replaced = await contents(dataset, config(), steps, { onBroken: (report) => told.push(report) })
    expect(told.map(({ place, set }) => [set, place]).sort()).toEqual([
      ['train', 4],
      ['train', 6],
    ])
    expect(replaced.map(({ labels }) => labels)).toEqual(whole.map(({ labels }) => labels))
    const differing = replaced.flatMap(({ pictures }, s) => pictures.filter((hex, i) => hex !== whole[s]?.pictures[i]))
    // Both appear once in each of two epochs.
    expect(differing).toHaveLength(4)
    expect(new Set(differing).size).toBe(4)
    expect(await contents(dataset, config(), steps.slice(3))).toEqual(replaced.slice(3))
    // What takes their place is the picture that stands eighth, under their draws.
    const substituted: FileDataset = {
      ...dataset,
      train: { ...dataset.train, location: (i) => dataset.train.location(i === 4 || i === 6 ? 8 : i) },
    }
    expect(await contents(substituted, config(), steps)).toEqual(replaced)
  })

  test('end with the class named when none of its pictures can be read', async () => {
    const root = temporaryFolder()
    const { dataset, paths } = await writeFileDataset(root, 6, 2)
    for (const place of [1, 3, 5]) writeFileSync(join(root, paths[place] ?? ''), '')
    await expect(
      contents(dataset, config(), [
        [0, 0],
        [1, 0],
      ]),
    ).rejects.toMatchObject({ code: 'picture-broken' })
  })

  test.each([
    ['memory', 0],
    ['disk', 80],
  ] as const)('are the same from pictures decoded once: %s, shorter side %i', async (kind, shortSide) => {
    const settings = config({ data: { shortSide } })
    const folder = temporaryFolder()
    const { dataset } = await writeFileDataset(join(folder, 'source'), 12, 4)
    const decoded = await decodeDataset(dataset, {
      choice: { kind, bytes: 600_000 },
      shortSide,
      datasetsDir: folder,
      signal: new AbortController().signal,
      onProgress: () => {},
    })
    const steps = [0, 1, 2].map((step) => [step, 0] as const)
    expect(await contents(decoded, settings, steps, threads)).toEqual(await contents(dataset, settings, steps))
  })

  test('are prepared ahead, two beyond the one asked for, and not beyond the run', async () => {
    const { dataset } = await writeFileDataset(temporaryFolder(), 12, 4)
    const settings = config({ train: { length: 2, batchSize: 4 } })
    const asked: number[] = []
    const waiting: (() => void)[] = []
    const slow = (): FeedPool => ({
      trainingType: 'uint8',
      testType: 'uint8',
      training: (requests) => {
        asked.push(requests.length)
        return new Promise((resolve) => waiting.push(() => resolve([])))
      },
      test: async () => [],
      close: async () => {},
    })
    const source = createBatchSource(runtime, dataset, settings, 3, { feed: feedOf(dataset, settings, slow) })
    const release = () => {
      for (const go of waiting.splice(0)) go()
    }
    for (const [step, ahead] of [
      [0, 3],
      [1, 4],
      [2, 5],
      [3, 6],
      [4, 6],
      [5, 6],
    ] as const) {
      const batch = source.batch(step, 0)
      expect(asked).toHaveLength(ahead)
      release()
      source.release(await batch)
    }
  })
})

describe('test pictures', () => {
  test('of raw pixels are found behind training pictures that a limit leaves out, without a copy', async () => {
    const [height, width, bytes] = [36, 36, 36 * 36 * 3]
    const data = new SharedArrayBuffer(6 * bytes)
    const all = new Uint8Array(data).map((_, i) => (i * 7 + Math.floor(i / bytes) * 31) % 256)
    new Uint8Array(data).set(all)
    const set = (first: number, count: number) => ({
      images: new Uint8Array(data, first * bytes, count * bytes),
      labels: new Uint8Array(count),
      count,
    })
    const { dataset: files } = await writeFileDataset(temporaryFolder(), 2, 2)
    const { summary, mean, std } = files
    const limited: PixelDataset = {
      ...{ storage: 'pixels', summary, mean, std, shape: [height, width, 3] },
      train: set(0, 2),
      test: set(4, 2),
    }
    const plans: FeedPlan[] = []
    const noting = (plan: FeedPlan) => {
      plans.push(plan)
      return createPlainPool(plan)
    }
    const source = createTestSource(limited, config(), 'none', { feed: feedOf(limited, config(), noting) })
    const { images } = await source.read(0, 2, 2)
    expect(plans[0]?.pixels?.data).toBe(data)
    const whole = { ...limited, train: set(0, 4) }
    const copied = { ...whole, test: { ...whole.test, images: all.slice(4 * bytes) } }
    const other = createTestSource(copied, config(), 'none', { feed: feedOf(copied, config(), noting) })
    expect(plans[1]?.pixels?.data).not.toBe(data)
    expect(images).toEqual((await other.read(0, 2, 2)).images)
    const input = Buffer.from(images.subarray(0, 96))
    // The middle 32 of 36, from the fifth picture on.
    expect(input).toEqual(Buffer.from(all.subarray(4 * bytes + (2 * 36 + 2) * 3).subarray(0, 96)))
  })

  test.each(['none', 'ten-crop'] as const)('from threads are those prepared one by one: %s', async (views) => {
    const { dataset } = await writeFileDataset(temporaryFolder(), 2, 5)
    const settings = config({ evaluation: { resize: 36, testAugmentation: views } })
    const read = async (createPool?: (plan: FeedPlan) => FeedPool) => {
      const source = createTestSource(dataset, settings, views, { feed: feedOf(dataset, settings, createPool) })
      const batches: Buffer[] = []
      for (const [start, count] of [
        [0, 3],
        [3, 2],
      ] as const) {
        const { images, broken, done } = await source.read(start, count, 3)
        expect(broken).toEqual([])
        batches.push(Buffer.from(images))
        done()
      }
      return batches
    }
    const [first, last] = await read()
    expect([first, last]).toEqual(await read(createPlainPool))
    expect(first?.length).toBe(3 * 32 * 32 * 3 * (views === 'none' ? 1 : 10))
    // The filling.
    expect(last?.subarray((last.length / 3) * 2).every((value) => value === 0)).toBe(true)
  })

  test('that are broken are named once and left out', async () => {
    const root = temporaryFolder()
    const { dataset, paths } = await writeFileDataset(root, 2, 4)
    writeFileSync(join(root, paths[3] ?? ''), 'no picture')
    const told: BrokenReport[] = []
    const feed = feedOf(dataset, config())
    const source = createTestSource(dataset, config(), 'none', { feed, onBroken: (report) => told.push(report) })
    for (let round = 0; round < 2; round++) {
      const { broken, done } = await source.read(0, 4, 4)
      expect(broken).toEqual([1])
      done()
    }
    expect(told).toMatchObject([{ set: 'test', place: 1 }])
  })

  test('that are broken count neither as right nor as wrong', async () => {
    const logits = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
    ]
    const labels = Uint16Array.of(0, 0, 2, 1, 0)
    const sourceOf = (broken: readonly number[]): TestSource => ({
      ...{ labels, shape: [1, 1, 3], dtype: DType.uint8, prepared: true, views: 1 },
      read: async (start, count, batch) => ({
        images: new Uint8Array(batch * 3),
        broken: broken.filter((place) => place >= start && place < start + count).map((place) => place - start),
        done: () => {},
      }),
    })
    const step = {
      runAsync: async () => [{ id: runtime.createTensor([4, 3], DType.float, Float32Array.from(logits.flat())) }],
    } as unknown as CompiledFunction
    const judge = (broken: readonly number[]) => evaluate(runtime, step, sourceOf(broken), { batch: 4, classes: 3 })
    // Right, wrong, right, wrong; then right.
    expect((await judge([])).top1).toBe(3 / 5)
    expect((await judge([1])).top1).toBe(3 / 4)
    expect((await judge([0, 3, 4])).top1).toBe(1 / 2)
    await expect(judge([0, 1, 2, 3, 4])).rejects.toMatchObject({ code: 'picture-broken' })
  })
})
