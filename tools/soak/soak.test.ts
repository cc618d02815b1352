// Short forms of the soak: a few kills, a damaged state, a full disk, each held against one undisturbed run. On Linux alone, where
// the processes of a host can be found.
import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listCheckpoints } from '../../src-main/engine/train/checkpoint.ts'
import { jobIn, recordingOptions } from '../../src-main/preparation/preparation-for-tests.ts'
import { prepareDataset } from '../../src-main/preparation/prepare-dataset.ts'
import { compareRuns, type RunRecord } from './compare-runs.ts'
import { fullDiskTest } from './full-disk.ts'
import { killTest } from './kill-test.ts'
import { seededRandom } from './random.ts'
import { startSoakedRun } from './soaked-run.ts'

const datasetId = 'fashion-mnist-sample'
const recipeId = 'mnist-lenet5'
const changes = {
  'data.dataset': datasetId,
  'data.limitTrain': 1280,
  'data.limitTest': 200,
  'train.batchSize': 16,
  'train.length': 2,
  'seeds.count': 1,
  'saving.seconds': 0,
}
const steps = 160
const onLinux = { skip: process.platform !== 'linux', timeout: 180_000 }

const work = mkdtempSync(join(tmpdir(), 'reprise-soak-test-'))
let straight: RunRecord

const withData = (dataDir: string) =>
  cpSync(join(work, 'datasets', datasetId), join(dataDir, 'datasets', datasetId), { recursive: true })

function freshFolder(name: string): string {
  const folder = join(work, name)
  mkdirSync(folder)
  withData(folder)
  return folder
}

const plan = () => ({ recipeId, changes, freshFolder, straight, random: seededRandom(1), say: () => {} })

beforeAll(async () => {
  if (onLinux.skip) return
  await prepareDataset(jobIn(work, { datasetId }), recordingOptions(work))
  const run = await startSoakedRun({ dataDir: freshFolder('undisturbed'), recipeId, changes })
  straight = await run.finish()
}, onLinux.timeout)
afterAll(() => rmSync(work, { recursive: true, force: true }))

test('two kills of worker and host leave the run as it would have been', onLinux, async () => {
  const result = await killTest({ ...plan(), kind: 'kill', kills: 2 })
  expect(result.kills).toBe(2)
  expect(result.runs.at(-1)).toMatchObject({ differences: [], equal: true, steps, evaluations: 2 })
  expect(result.equal).toBe(true)
})

test('a damaged state is passed over for the one before it, which is said', onLinux, async () => {
  const run = await startSoakedRun({ dataDir: freshFolder('damaged'), recipeId, changes })
  await run.stepped()
  await run.kill('both')
  // A file without its JSON is no checkpoint yet.
  const newest = listCheckpoints(run.checkpoints, 1).entries.findLast(({ kind }) => kind === 'state')?.file ?? ''
  truncateSync(join(run.checkpoints, newest), 1000)
  await run.goOn()
  const record = await run.finish()
  expect(record.run.alerts.find(({ kind }) => kind === 'checkpoint-damaged')?.values.file).toBe(newest)
  expect(compareRuns(straight, record)).toMatchObject({ differences: [], equal: true })
})

test('a disk that is full for a while costs nothing', onLinux, async ({ skip }) => {
  const mountPoint = join(work, 'small-disk')
  const result = await fullDiskTest({ ...plan(), fill: withData, mountPoint, times: 1 })
  if ('skipped' in result) skip(result.skipped)
  expect(result).toMatchObject({ equal: true, run: { differences: [] } })
})

test('steps that are lost, doubled or changed, and figures that differ, are told apart', { skip: onLinux.skip }, () => {
  const [curve = { seed: 1, points: [] }] = straight.curves
  const { points } = curve
  const withPoints = (changed: typeof points) => ({ ...straight, curves: [{ ...curve, points: changed }] })
  const told = (record: RunRecord) => compareRuns(straight, record).differences
  expect(told(straight)).toEqual([])
  const { id } = straight.run
  const lost = [`${id} has ${steps - 1} steps in its history, ${steps} were expected`, 'losses and rates']
  expect(told(withPoints(points.slice(1)))).toEqual(lost)
  expect(told(withPoints([...points.slice(0, 1), ...points]))).toContain('losses and rates')
  const changed = points.map((point, i) => (i === 80 ? { ...point, loss: point.loss * (1 + Number.EPSILON) } : point))
  expect(told(withPoints(changed))).toEqual(['losses and rates'])
  const epochs = straight.run.epochs.map((epoch) => ({ ...epoch, trainSeconds: 0 }))
  expect(told({ ...straight, run: { ...straight.run, epochs } })).toEqual([])
  const others = epochs.map((epoch) => ({ ...epoch, testTop1: epoch.testTop1 + 0.005 }))
  expect(told({ ...straight, run: { ...straight.run, epochs: others } })).toEqual(['evaluations'])
})
