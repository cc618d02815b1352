// A real host and its real workers, watched from within: what of a normal start and a short run leaves the machine.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { spawnHost } from '../../launch/spawn-host.ts'
import { forkWorker } from '../../launch/worker-process.ts'
import { connect as clientOf, temporaryFolder, until } from '../test-host/start-test-host.ts'

const watcher = pathToFileURL(join(import.meta.dirname, '..', 'test-host', 'watch-network.ts')).href

interface Seen {
  kind: 'started' | 'connect' | 'look-up' | 'datagram' | 'program'
  what: unknown
}

const readSeen = (file: string): Seen[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Seen)

test('a start and a short run send nothing, and the panel says so', { timeout: 120_000 }, async () => {
  const dataDir = temporaryFolder()
  const file = join(dataDir, 'network.ndjson')
  const env = { ...process.env, NODE_OPTIONS: `--import=${watcher}`, REPRISE_TEST_NETWORK: file }
  const host = await spawnHost({ dataDir, attached: true, env })
  onTestFinished(() => host.stop())
  const client = clientOf(host.address)
  const changes = { 'train.length': 1, 'evaluation.every': 1, 'seeds.count': 1, 'data.limitTrain': 256 }
  const { id } = await client.runs.start.mutate({ recipeId: 'fashion-sample', changes })
  const run = await until(async () => {
    const found = await client.runs.get.query({ id })
    return ['finished', 'failed', 'stopped'].includes(found.status) && found
  })
  expect(run).toMatchObject({ status: 'finished', error: null })
  const info = await client.machine.info.query()
  expect(info.networkRequests).toEqual([])

  const seen = readSeen(file)
  // The watcher was in the host and in the workers that read data and trained.
  const started = seen.filter(({ kind }) => kind === 'started').map(({ what }) => what)
  expect(started).toEqual(expect.arrayContaining(['main.ts', 'prepare-data.ts']))
  expect(started.filter((name) => name === 'main.ts').length).toBeGreaterThanOrEqual(2)
  // Programs of the system that tell of a graphics card and keep the machine awake.
  const programs = seen.filter(({ kind }) => kind === 'program').map(({ what }) => what)
  expect(programs.filter((name) => !/^(nvidia-smi|systemd-inhibit|caffeinate)$/.test(String(name)))).toEqual([])
  expect(seen.filter(({ kind }) => kind !== 'started' && kind !== 'program')).toEqual([])
})

test('the watcher sees a connection, a name that is looked up and a program', async () => {
  const file = join(temporaryFolder(), 'network.ndjson')
  const worker = forkWorker({
    entry: join(import.meta.dirname, '..', 'test-host', 'sending-program.ts'),
    env: { ...process.env, NODE_OPTIONS: `--import=${watcher}`, REPRISE_TEST_NETWORK: file },
    onMessage: () => {},
    onLine: () => {},
  })
  await worker.ended
  const seen = readSeen(file)
  expect(seen.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['connect', 'look-up', 'datagram', 'program']))
  expect(seen).toContainEqual({ kind: 'connect', what: '203.0.113.1:80' })
  expect(seen.filter(({ what }) => /127\.0\.0\.1/.test(String(what)))).toEqual([])
})

const root = join(import.meta.dirname, '..', '..')

/** What a program may send with: the network modules of Node, its fetch and WebSocket, and programs that it runs. */
const senders =
  /from 'node:(https?|http2|tls|net|dgram|dns|child_process)'|[=:]\s*(typeof )?fetch\b|(?<![.\w])fetch\((?!id)|\bnew WebSocket\(/

/** Lines of code that match, without comments. */
const senderLines = (text: string) =>
  text.split('\n').filter((line) => !/^\s*(\/\/|\*|\/\*)|import type/.test(line) && senders.test(line))

// Each of them tells its caller, which notes the request, before it sends.
const fetchesForTheUser = [
  'engine/data/npm-package.ts',
  'engine/tensorflow/library/archive-download.ts',
  'engine/tensorflow/library/pip-download.ts',
]
// Programs of this machine, and connections within it.
const staysHere = [
  'engine/tensorflow/library/nvidia-gpu.ts',
  'engine/tensorflow/library/unpack.ts',
  'host/guards/temperature.ts',
  'host/machine/gpu.ts',
  'host/machine/keep-awake.ts',
  'launch/spawn-host.ts',
  'launch/worker-process.ts',
  'worker/peak-memory.ts',
]

test('only what fetches for the user can send at all', () => {
  const files = globSync('{engine,host,launch,picture-index,preparation,shared,worker}/**/*.ts', { cwd: root })
  const sending = files
    .filter((path) => !/\.test\.ts$|-for-tests\.ts$|host\/(http|attacks|test-host)\//.test(path))
    .filter((path) => senderLines(readFileSync(join(root, path), 'utf8')).length > 0)
  expect(sending.map((path) => path.replaceAll('\\', '/')).sort()).toEqual([...fetchesForTheUser, ...staysHere].sort())
})
