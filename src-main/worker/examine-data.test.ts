import { type ChildProcess, fork } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { decodeOraclePath } from '../../tools/oracle/read-augmentations.ts'
import { readManifest } from '../engine/data/dataset-manifest.ts'
import { displayName } from '../engine/data/readers/escaped-names.ts'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import { indexFile, openPictureIndex } from '../picture-index/open-index.ts'
import { jobIn, recordingOptions } from '../preparation/preparation-for-tests.ts'
import { prepareDataset } from '../preparation/prepare-dataset.ts'
import type { FindingKind, HealthReport } from '../shared/dataset-views.ts'
import type { ExaminerToHost, HostToExaminer } from '../shared/worker-protocol.ts'

const datasetId = 'awkward'
const isLinux = process.platform === 'linux'
/** The superuser may read everything: the check then runs as nobody. */
const nobody = 65_534
const isRoot = process.getuid?.() === 0

let folder = ''
let root = ''
let datasetsDir = ''

beforeEach(() => {
  folder = temporaryFolder()
  root = join(folder, 'pictures')
  datasetsDir = join(folder, 'datasets')
})

/** A copy of one of the oracle's files. */
function put(path: string, file: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  copyFileSync(decodeOraclePath(file), join(root, path))
}

/** Two classes in both parts, of pictures of unlike sizes. */
function putBase(): void {
  put('train/cat/a.jpg', 'baseline-420.jpg')
  put('train/cat/b.png', 'palette.png')
  put('train/dog/a.webp', 'animated.webp')
  put('train/dog/b.tif', 'cmyk.tif')
  put('test/cat/a.bmp', 'bits-24.bmp')
  put('test/dog/a.ppm', 'raw.ppm')
}

async function prepare(): Promise<void> {
  await prepareDataset(jobIn(folder, { datasetId, path: root, brokenPictures: 'skip' }), recordingOptions(folder))
}

interface StartOptions {
  datasetId?: string
  uid?: number
}

function start({ datasetId: id = datasetId, ...options }: StartOptions): ChildProcess {
  const entry = join(import.meta.dirname, 'examine-data.ts')
  const worker = fork(entry, { serialization: 'advanced', execArgv: [], ...options })
  worker.send({ type: 'job', job: { type: 'examine-data', datasetId: id, datasetsDir } } satisfies HostToExaminer)
  return worker
}

async function check(options: StartOptions = {}): Promise<{ report: HealthReport; messages: ExaminerToHost[] }> {
  const worker = start(options)
  const messages: ExaminerToHost[] = []
  worker.on('message', (message: ExaminerToHost) => messages.push(message))
  const exit = await new Promise((resolve) => worker.once('exit', resolve))
  const last = messages.at(-1)
  if (last?.type !== 'examined') throw new Error(JSON.stringify(last))
  expect(exit).toBe(0)
  return { report: last.report, messages }
}

/** Names of the pictures of each finding that is not passed and lists some. */
function listed(report: HealthReport): Partial<Record<FindingKind, string[]>> {
  const index = openPictureIndex(join(datasetsDir, datasetId, indexFile), { readonly: true })
  try {
    return Object.fromEntries(
      report.findings
        .filter(({ severity, listed }) => severity !== 'passed' && listed)
        .map(({ kind }) => [
          kind,
          index.members(kind).map(({ picture }) => displayName(index.get(picture)?.name ?? '?')),
        ]),
    )
  } finally {
    index.close()
  }
}

it('finds what is wrong with a folder, and keeps it with the data set', async () => {
  putBase()
  put('train/cat/turned.jpg', 'orientation-6.jpg')
  put('train/cat/deep.png', 'rgb-16.png')
  put('train/dog/glass.png', 'alpha.png')
  put('train/dog/movie.jpg', 'animated.gif')
  put('train/dog/wide.png', 'wide.png')
  put('train/dog/copy.png', 'palette.png')
  put('test/cat/leaked.jpg', 'baseline-420.jpg')
  writeFileSync(join(root, 'train/dog/empty.jpg'), '')
  writeFileSync(join(root, 'train/dog/cut.jpg'), readFileSync(decodeOraclePath('progressive.jpg')).subarray(0, 900))
  await prepare()
  const { report, messages } = await check()

  expect(report.pictures).toBe(15)
  expect(listed(report)).toMatchObject({
    unreadable: ['train/dog/cut.jpg', 'train/dog/empty.jpg'],
    'wrong-extension': ['train/dog/movie.jpg'],
    cmyk: ['train/dog/b.tif'],
    deep: ['train/cat/deep.png'],
    turned: ['train/cat/turned.jpg'],
    huge: ['train/dog/wide.png'],
    leak: ['train/cat/a.jpg'],
    'label-conflict': expect.arrayContaining(['train/cat/b.png', 'train/dog/copy.png']),
  })
  expect(report.findings.map(({ kind }) => kind)).toContain('empty-class')
  expect(messages[0]).toEqual({ type: 'progress', text: 'Examining pictures', done: 0, total: 15 })

  const index = openPictureIndex(join(datasetsDir, datasetId, indexFile), { readonly: true })
  expect(index.note('health')).toEqual({ ...report, findings: undefined })
  expect(index.findings()).toEqual(report.findings)
  index.close()
  expect(await readManifest(datasetsDir, datasetId)).toMatchObject({ mean: report.mean, std: report.std })
})

it.skipIf(!isLinux)('reads pictures of any name, and does not follow links that go nowhere', async () => {
  putBase()
  const names = ['two words.jpg', 'quo"te\'s.jpg', '図 🎉.jpg', '-rf.jpg', '100%.jpg', 'new\nline.jpg']
  for (const name of names) put(`train/cat/${name}`, 'orientation-1.jpg')
  const bytes = Buffer.concat([Buffer.from(`${root}/train/cat/caf`), Buffer.from([0xe9]), Buffer.from('.jpg')])
  writeFileSync(bytes, readFileSync(decodeOraclePath('orientation-2.jpg')))
  symlinkSync('.', join(root, 'train/cat/again'))
  symlinkSync('loop.jpg', join(root, 'train/dog/loop.jpg'))
  symlinkSync('gone.jpg', join(root, 'train/dog/dangling.jpg'))
  await prepare()
  const { report } = await check()
  expect(report.pictures).toBe(6 + names.length + 1)
  expect(report.findings.find(({ kind }) => kind === 'unreadable')).toMatchObject({ severity: 'passed', count: 0 })
})

it.skipIf(!isLinux)('names files that are gone or may not be read', async () => {
  putBase()
  put('train/dog/locked.jpg', 'orientation-1.jpg')
  put('train/dog/gone.jpg', 'orientation-3.jpg')
  await prepare()
  chmodSync(join(root, 'train/dog/locked.jpg'), 0o000)
  rmSync(join(root, 'train/dog/gone.jpg'))
  for (const path of [folder, datasetsDir, join(datasetsDir, datasetId)]) chmodSync(path, 0o777)
  for (const name of [indexFile, 'manifest.json']) chmodSync(join(datasetsDir, datasetId, name), 0o666)
  const { report } = await check(isRoot ? { uid: nobody } : {})
  expect(listed(report)).toMatchObject({
    unreadable: ['train/dog/locked.jpg'],
    'missing-file': ['train/dog/gone.jpg'],
  })
  const index = openPictureIndex(join(datasetsDir, datasetId, indexFile), { readonly: true })
  const [locked] = index.members('unreadable')
  expect(index.get(locked?.picture ?? -1)?.examination?.problem).toBe('no permission to read the file')
  index.close()
})

it('goes on after a stop with the pictures that are left', async () => {
  const sample = 'fashion-mnist-sample'
  await prepareDataset(jobIn(folder, { datasetId: sample }), recordingOptions(folder))
  const worker = start({ datasetId: sample })
  const messages: ExaminerToHost[] = []
  worker.on('message', (message: ExaminerToHost) => {
    messages.push(message)
    if (message.type === 'progress' && message.done > 600) worker.send({ type: 'stop' } satisfies HostToExaminer)
  })
  const exit = await new Promise((resolve) => worker.once('exit', resolve))
  expect(messages.at(-1)).toMatchObject({ type: 'failed', error: { code: 'cancelled' } })
  expect(exit).toBe(1)

  const [again, anew] = [await check({ datasetId: sample }), await check({ datasetId: sample })]
  const [resumed] = again.messages
  expect(resumed?.type === 'progress' && resumed.done).toBeGreaterThanOrEqual(512)
  // Once it is whole, the next one begins at the first picture and finds the same.
  expect(anew.messages[0]).toMatchObject({ done: 0, total: 7000 })
  const { checkedAt: _, seconds: __, ...found } = again.report
  expect(anew.report).toMatchObject(found)
})
