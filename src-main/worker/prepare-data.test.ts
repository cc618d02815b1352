import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { DataWorkerToHost, HostToDataWorker } from '../shared/worker-protocol.ts'

interface Run {
  datasetId: string
  /** The user's folder. */
  path?: string
  folder?: string
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-worker-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs one job in the real process; resolves when it has ended. */
function run({ datasetId, path, folder = temporaryFolder() }: Run) {
  const worker = fork(join(import.meta.dirname, 'prepare-data.ts'), {
    serialization: 'advanced',
    execArgv: [],
    env: { ...process.env, REPRISE_CACHE: join(folder, 'cache') },
  })
  const messages: DataWorkerToHost[] = []
  worker.on('message', (message: DataWorkerToHost) => messages.push(message))
  const job: HostToDataWorker = {
    type: 'job',
    job: {
      type: 'prepare-data',
      datasetId,
      ...(path === undefined ? {} : { path }),
      datasetsDir: join(folder, 'datasets'),
      samplesDir: join(import.meta.dirname, '..', '..', 'resources', 'samples'),
      brokenPictures: 'refuse',
    },
  }
  worker.send(job)
  return new Promise<{ messages: DataWorkerToHost[]; exit: number | null }>((resolve) =>
    worker.once('exit', (exit) => resolve({ messages, exit })),
  )
}

it('prepares the shipped sample and ends', async () => {
  const { messages, exit } = await run({ datasetId: 'fashion-mnist-sample' })
  expect(messages.at(-1)).toMatchObject({ type: 'prepared', data: { train: 6000, test: 1000 }, shape: [28, 28, 1] })
  expect(exit).toBe(0)
})

it('reports a failure as a plain error and ends with status 1', async () => {
  const { messages, exit } = await run({ datasetId: 'no-such-data' })
  expect(messages).toEqual([{ type: 'failed', error: expect.objectContaining({ code: 'unknown-dataset' }) }])
  expect(exit).toBe(1)
})

it('lists a folder of files and tells how far it is', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'pets')
  for (const name of ['cat', 'dog']) {
    mkdirSync(join(path, name), { recursive: true })
    for (let i = 0; i < 10; i++) writeFileSync(join(path, name, `${i}.png`), '')
  }
  const { messages, exit } = await run({ datasetId: 'pets', path, folder })
  expect(messages).toContainEqual(
    expect.objectContaining({ type: 'progress', text: 'Listing pictures', done: 20, unit: 'pictures' }),
  )
  expect(messages.at(-1)).toMatchObject({ type: 'prepared', data: { train: 16, test: 4 }, shape: [0, 0, 3] })
  expect(exit).toBe(0)
})
