import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { DataWorkerToHost, HostToDataWorker } from '../shared/worker-protocol.ts'

/** Runs one job in the real process; resolves when it has ended. */
function run(datasetId: string): Promise<{ messages: DataWorkerToHost[]; exit: number | null }> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-worker-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
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
      datasetsDir: join(folder, 'datasets'),
      samplesDir: join(import.meta.dirname, '..', '..', 'resources', 'samples'),
      brokenPictures: 'refuse',
    },
  }
  worker.send(job)
  return new Promise((resolve) => worker.once('exit', (exit) => resolve({ messages, exit })))
}

it('prepares the shipped sample and ends', async () => {
  const { messages, exit } = await run('fashion-mnist-sample')
  expect(messages.at(-1)).toMatchObject({ type: 'prepared', data: { train: 6000, test: 1000 }, shape: [28, 28, 1] })
  expect(exit).toBe(0)
})

it('reports a failure as a plain error and ends with status 1', async () => {
  const { messages, exit } = await run('no-such-data')
  expect(messages).toEqual([{ type: 'failed', error: expect.objectContaining({ code: 'unknown-dataset' }) }])
  expect(exit).toBe(1)
})
