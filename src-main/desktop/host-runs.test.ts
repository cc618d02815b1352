import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { spawnHost } from '../launch/spawn-host.ts'
import type { RunSummary } from '../shared/api.ts'
import { followRuns } from './host-runs.ts'

const entry = join(import.meta.dirname, '../host/test-host/scripted-host.ts')

test('the runs of a real host are told at once, and null when it goes', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'reprise-runs-'))
  const host = await spawnHost({ entry, dataDir, attached: true })
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const told: (RunSummary[] | null)[] = []
  let wake = () => {}
  const next = () =>
    new Promise<void>((resolve) => {
      wake = resolve
    })
  const first = next()
  const stop = followRuns(host.address, (runs) => {
    told.push(runs)
    wake()
  })
  await first
  expect(told).toEqual([[]])
  const gone = next()
  await host.stop()
  await gone
  stop()
  expect(told.at(-1)).toBeNull()
})

/** A host that says what a test gives it, to whom asks for the list of runs. */
async function fakeHost(
  list: object[],
): Promise<{ port: number; say: (message: object | string) => void; heard: string[] }> {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  const heard: string[] = []
  sockets.on('connection', (socket) =>
    socket.on('message', (data) => {
      const text = String(data)
      heard.push(text)
      if (text.includes('subscription')) socket.send('{"id":2,"result":{"type":"started"}}')
      if (text.includes('runs.list')) {
        // An event overtakes the list.
        socket.send(JSON.stringify(eventOf({ type: 'run', run: { id: 'a', status: 'finished' } })))
        socket.send(JSON.stringify([{ id: 1, result: { type: 'data', data: list } }]))
      }
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
  })
  const say = (message: object | string) => {
    for (const socket of sockets.clients) socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }
  return { port: (server.address() as AddressInfo).port, say, heard }
}

const eventOf = (event: object) => ({ id: 2, result: { type: 'data', data: { id: '1', data: event } } })

test('events change the list, one that overtook it counts, and a ping is answered', async () => {
  const { port, say, heard } = await fakeHost([
    { id: 'a', status: 'running' },
    { id: 'b', status: 'queued' },
  ])
  const told: string[] = []
  const stop = followRuns({ port, token: 'x' }, (runs) =>
    told.push((runs ?? []).map(({ id, status }) => `${id} ${status}`).join(', ')),
  )
  onTestFinished(stop)
  await expect.poll(() => told).toEqual(['a finished, b queued'])
  say('PING')
  say(eventOf({ type: 'live', runId: 'b' }))
  say(eventOf({ type: 'run', run: { id: 'b', status: 'running' } }))
  say(eventOf({ type: 'run-removed', runId: 'a' }))
  await expect.poll(() => told.slice(1)).toEqual(['a finished, b running', 'b running'])
  expect(heard).toContain('PONG')
})
