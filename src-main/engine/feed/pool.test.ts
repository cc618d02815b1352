// A pool gives, bit for bit, what the same functions give on the calling thread, wherever its pictures lie.
import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { decodeOraclePath, oraclePicture } from '../../../tools/oracle/read-augmentations.ts'
import { cropViews, evaluationSize } from '../../shared/input-fit.ts'
import { type RunConfig, runConfigSchema } from '../../shared/run-config.ts'
import { decodeRgb } from '../data/decode-picture.ts'
import { normalisedPixels } from '../data/normalization.ts'
import { createPreparation, type PictureKey, uncut } from '../data/picture-preparation.ts'
import { createTestPreparation } from '../data/test-views.ts'
import type { Size } from '../data/transforms/crop-geometry.ts'
import type { Picture } from '../data/transforms/picture.ts'
import { findLibtensorflow } from '../tensorflow/library/find-libtensorflow.ts'
import { createFeedPool } from './pool.ts'
import type { FeedPlan, FeedPool, FeedSource } from './types.ts'

const names = ['window-420.jpg', 'window-progressive.jpg', 'window-grey.jpg', 'cmyk.jpg', 'alpha.png']
const normalization = { scale: Float32Array.of(0.02, 0.03, 0.04), offset: Float32Array.of(-2, -1, 0), offsetShape: [3] }
const libtensorflowDir = (await findLibtensorflow()).folder
const root = mkdtempSync(join(tmpdir(), 'reprise-feed-'))
const stored = oraclePicture(3, 40, 44)
const decodedPicture = oraclePicture(4, 50, 60)

/** Pictures as files, as a part of a file, as raw pixels, and decoded before. */
const { sources, pictures, plan } = await layOut()
const pools: FeedPool[] = []
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()))
  rmSync(root, { recursive: true })
})

async function layOut() {
  const files = names.map((name) => readFileSync(decodeOraclePath(name)))
  for (const [i, file] of files.entries()) writeFileSync(join(root, names[i] ?? ''), file)
  const inside = Buffer.concat([Buffer.alloc(100, 1), files[0] ?? Buffer.alloc(0), Buffer.alloc(100, 1)])
  writeFileSync(join(root, 'shard.tar'), inside)
  const bytes = inside.length - 200
  const fromFiles: FeedSource[] = names.map((path) => ({ kind: 'file', path }))
  const sources: FeedSource[] = [
    ...fromFiles,
    { kind: 'part', path: 'shard.tar', offset: 100, bytes, packing: 'stored', unpackedBytes: bytes },
    { kind: 'pixels', index: 1 },
    { kind: 'decoded', offset: 7, height: 50, width: 60 },
  ]
  const decoded = await Promise.all([...files, files[0] ?? ''].map((file) => decodeRgb(file)))
  const plan: Omit<FeedPlan, 'config'> = {
    root,
    pixels: { data: shared(stored.data.length, stored.data), height: 40, width: 44 },
    decoded: { kind: 'memory', data: shared(7, decodedPicture.data) },
    normalization,
    libtensorflowDir,
    threads: 2,
  }
  return { sources, pictures: [...decoded, stored, decodedPicture] as Picture[], plan }
}

/** `data` behind some zeros. */
function shared(zeros: number, data: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(zeros + data.length)
  new Uint8Array(buffer).set(data, zeros)
  return buffer
}

const configOf = (settings: object) => runConfigSchema.parse(settings)

function openPool(config: RunConfig, change: Partial<FeedPlan> = {}): FeedPool {
  const pool = createFeedPool({ ...plan, config, ...change })
  pools.push(pool)
  return pool
}

const keyOf = (index: number): PictureKey => ({ seed: 5, epoch: 1, index, view: 0, split: 0 })

/** Normalised values of a training call of all sources, twice over. */
async function trained(pool: FeedPool, input: Size, from: readonly FeedSource[] = sources) {
  const values = from.length * 2 * input[0] * input[1] * 3
  const target = new SharedArrayBuffer(values * (pool.trainingType === 'uint8' ? 1 : 4))
  const requests = [...from, ...from].map((source, i) => ({ source, key: keyOf(i) }))
  const broken = await pool.training(requests, input, target)
  return { broken, values: normalised(pool.trainingType, target) }
}

function normalised(type: FeedPool['trainingType'], target: SharedArrayBuffer): Float32Array {
  return type === 'float32' ? new Float32Array(target) : normalisedPixels(new Uint8Array(target), normalization)
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const sameBytes = (a: Float32Array, b: Float32Array) =>
  Buffer.compare(
    Buffer.from(a.buffer, a.byteOffset, a.byteLength),
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  ) === 0

test.each([
  ['uint8', { crop: 'random-resized', flip: 'random' }],
  ['uint8', { crop: 'random-resized', flip: 'random', interpolation: 'random', policy: 'rand-torchvision' }],
  ['uint8', { crop: 'random-crop', cropShortSide: [50, 70], colorJitter: [0.4, 0.4, 0.4, 0] }],
  ['float32', { crop: 'random-resized', flip: 'random', erasing: 1, lighting: 0.1 }],
  ['float32', { crop: 'random-resized', interpolation: 'tf-bicubic' }],
])('as %s, training inputs with %o are those of the calling thread', async (type, augment) => {
  const config = configOf({ augment })
  const pool = openPool(config)
  expect(pool.trainingType).toBe(type)
  const prepare = createPreparation(config.augment, normalization)
  const twice = [...pictures, ...pictures]
  const expected = joined(twice.map((picture, i) => prepare(uncut(picture), keyOf(i), [36, 44])))
  const { broken, values } = await trained(pool, [36, 44])
  expect(broken).toEqual([])
  expect(sameBytes(values, expected)).toBe(true)
})

test.each([
  ['uint8', 'none', {}],
  ['uint8', 'ten-crop', { resize: 60 }],
  ['float32', 'none', { geometry: 'crop-first', interpolation: 'tf-bilinear' }],
] as const)('as %s, test views %s with %o are those of the calling thread', async (type, views, evaluation) => {
  const config = configOf({ evaluation: { size: 48, ...evaluation } })
  const pool = openPool(config)
  expect(pool.testType).toBe(type)
  const prepare = createTestPreparation(config, normalization, views)
  const expected = joined(pictures.flatMap((picture) => prepare(picture)))
  const [height, width] = evaluationSize(config)
  const values = sources.length * (cropViews[views] ?? 1) * height * width * 3
  const target = new SharedArrayBuffer(values * (type === 'uint8' ? 1 : 4))
  expect(await pool.test(sources, views, target)).toEqual([])
  expect(sameBytes(normalised(type, target), expected)).toBe(true)
})

test('without libtensorflow every picture is decoded all the same', async () => {
  const config = configOf({ augment: { crop: 'random-resized' } })
  const [ours, theirs] = [openPool(config), openPool(config, { libtensorflowDir: null })]
  expect(sameBytes((await trained(theirs, [32, 32])).values, (await trained(ours, [32, 32])).values)).toBe(true)
})

test('pictures that cannot be read are told with their places and reasons, and are 0', async () => {
  const whole = readFileSync(decodeOraclePath('window-420.jpg'))
  writeFileSync(join(root, 'cut.jpg'), whole.subarray(0, whole.length / 2))
  writeFileSync(join(root, 'empty.png'), '')
  const odd: FeedSource[] = [
    { kind: 'file', path: 'cut.jpg' },
    { kind: 'file', path: names[0] ?? '' },
    { kind: 'file', path: 'empty.png' },
    { kind: 'file', path: 'nowhere.jpg' },
  ]
  const pool = openPool(configOf({ augment: { crop: 'none' } }))
  const target = new SharedArrayBuffer(4 * 131 * 173 * 3)
  new Uint8Array(target).fill(1)
  const broken = await pool.training(
    odd.map((source, i) => ({ source, key: keyOf(i) })),
    [131, 173],
    target,
  )
  expect(broken.map(({ place }) => place)).toEqual([0, 2, 3])
  for (const { reason } of broken) expect(reason.length).toBeGreaterThan(5)
  const sums = [0, 1, 2, 3].map((place) =>
    new Uint8Array(target, place * 131 * 173 * 3, 131 * 173 * 3).some((v) => v > 0),
  )
  expect(sums).toEqual([false, true, false, false])
  const tooLarge = await pool.training([{ source: sources[0] as FeedSource, key: keyOf(0) }], [8, 8], target)
  expect(tooLarge).toEqual([{ place: 0, reason: '22663 pixels where the network takes 64' }])
})

test('calls under way at once are all answered, and after the end refused', async () => {
  const pool = openPool(configOf({ augment: { crop: 'random-resized' } }))
  const results = await Promise.all(Array.from({ length: 6 }, () => trained(pool, [16, 16])))
  for (const { values } of results) expect(sameBytes(values, results[0]?.values ?? values)).toBe(true)
  await pool.close()
  await expect(trained(pool, [16, 16])).rejects.toMatchObject({ code: 'cancelled' })
})

test('a library that is missing is told by the first call', async () => {
  const pool = openPool(configOf({}), { libtensorflowDir: join(root, 'nothing') })
  for (let i = 0; i < 2; i++) {
    await expect(trained(pool, [32, 32])).rejects.toMatchObject({ code: 'libtensorflow-missing' })
  }
})

test('a thread that dies takes its call along, and another takes its place', async () => {
  const pool = openPool(configOf({ augment: { crop: 'random-resized' } }))
  const request = { source: sources[0] as FeedSource, key: keyOf(0) }
  const tooSmall = new SharedArrayBuffer(10)
  // Writing outside of the memory that was given is no fault of a picture.
  const dying = pool.training(Array(9).fill(request), [16, 16], tooSmall)
  const next = trained(pool, [16, 16])
  await expect(dying).rejects.toMatchObject({ code: 'worker-died', found: expect.stringContaining('length') })
  const { broken, values } = await next
  expect(broken).toEqual([])
  expect(sameBytes((await trained(pool, [16, 16])).values, values)).toBe(true)
})

test('a process that closes its pool ends cleanly', async () => {
  const child = fork(new URL('clean-end-fixture.ts', import.meta.url), [root], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  })
  const end = await new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  expect(end).toEqual({ code: 0, signal: null })
})

test('settings that cannot be read are refused at once', () => {
  const config = configOf({ augment: { policy: 'rand-timm', policySpec: 'rand-m9-x2' } })
  expect(() => openPool(config)).toThrow(expect.objectContaining({ code: 'config-out-of-range' }))
})
