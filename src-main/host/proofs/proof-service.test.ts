// Proofs of runs through the host's API, with a scripted prover in the place of the real one.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runIn, startTestHost, type TestHost, until } from '../test-host/start-test-host.ts'

async function finishedRun(host: TestHost, changes: Record<string, unknown> = {}): Promise<string> {
  const { id } = await host.client.runs.start.mutate({ recipeId: 'mnist-lenet5', name: 'finish', changes })
  await runIn(host, id, 'finished')
  return id
}

const ended = (host: TestHost, runId: string) =>
  until(async () => {
    const proof = await host.client.proofs.state.query({ runId })
    return proof?.status === 'running' ? null : proof
  })

test('a proof reports how far it is, and its certificate is kept with the run and in its folder', async () => {
  const host = await startTestHost()
  const id = await finishedRun(host)
  expect(await host.client.proofs.state.query({ runId: id })).toBeNull()
  expect(await host.client.proofs.start.mutate({ runId: id })).toMatchObject({ status: 'running', part: null })
  expect(await ended(host, id)).toMatchObject({ status: 'done', part: 'straight', done: 10, total: 20, error: null })

  const { certificate } = await host.client.runs.get.query({ id })
  // 60,000 and 10,000 pictures become those of 100 steps where they are more.
  const changes = { 'data.limitTrain': 12_800 }
  expect(certificate).toMatchObject({ subject: id, equal: true, pausedAt: [10, 15], changes })
  const file = join(host.dataDir, 'runs', id, 'resume-certificate.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(certificate)
  const told = host.events.flatMap((event) => (event.type === 'proof' && event.runId === id ? [event.proof] : []))
  expect(told.map(({ status, part }) => [status, part])).toEqual([
    ['running', null],
    ['running', 'straight'],
    ['done', 'straight'],
  ])
})

test('one proof runs at a time; it can be cancelled, and a failed one says why and keeps nothing', async () => {
  const host = await startTestHost()
  const waiting = await finishedRun(host, { 'optimizer.lr': 0.5 })
  const failing = await finishedRun(host, { 'optimizer.lr': 0.25 })
  await host.client.proofs.start.mutate({ runId: waiting })
  const refusal = await host.client.proofs.start.mutate({ runId: failing }).catch((error) => error.data.report)
  expect(refusal).toMatchObject({ code: 'not-allowed', found: `one of ${waiting}` })

  await host.client.proofs.cancel.mutate({ runId: waiting })
  expect(await ended(host, waiting)).toMatchObject({ status: 'cancelled', error: null })
  await host.client.proofs.start.mutate({ runId: failing })
  expect(await ended(host, failing)).toMatchObject({ status: 'failed', error: { code: 'out-of-memory' } })
  expect((await host.client.runs.get.query({ id: failing })).certificate).toBeNull()
  expect(existsSync(join(host.dataDir, 'runs', failing, 'resume-certificate.json'))).toBe(false)

  const unknown = await host.client.proofs.start.mutate({ runId: 'r-9999' }).catch((error) => error.data.report)
  expect(unknown).toMatchObject({ code: 'unknown-run' })
})

test('a host that ends takes its proof along', async () => {
  const host = await startTestHost()
  const id = await finishedRun(host, { 'optimizer.lr': 0.5 })
  await host.client.proofs.start.mutate({ runId: id })
  await until(() => existsSync(join(host.dataDir, 'proofs', 'waits')))
  await host.close()
  const next = await startTestHost({ dataDir: host.dataDir })
  expect(existsSync(join(host.dataDir, 'proofs'))).toBe(false)
  expect(await next.client.proofs.state.query({ runId: id })).toBeNull()
})
