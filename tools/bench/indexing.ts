// npm run bench -- --index: how fast a folder of small files becomes a data set, by the real host and its worker, with
// what memory, and how fast the host answers meanwhile.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectHost, type HostConnection } from '../../src-main/cli/host-connection.ts'
import { draw } from '../../src-main/engine/data/drawn-pictures-for-tests.ts'
import { RepriseError } from '../../src-main/shared/errors.ts'
import { measureBusyShare } from './machine-load.ts'

const folders = 200
const filesOfFolder = 1000
const datasetId = 'indexed'
/** Unlike sizes, so that the pictures stay files. */
const sides = [24, 32, 40, 48]

export interface IndexingResult {
  files: number
  /** From the call that adds the folder to the data set that is ready. */
  seconds: number
  filesPerSecond: number
  /** Most resident memory of the worker and its processor time; null where the system does not tell them. */
  worker: { peakBytes: number; cpuSeconds: number } | null
  /** Of calls of the API, one after the other for all of the time, in milliseconds. */
  calls: { count: number; median: number; p99: number; max: number }
  /** Share of the machine that was busy with other work before. */
  otherLoad: number
}

/** Makes the files in a temporary folder, tells the result, and removes them, which may take longer than all before. */
export async function benchIndexing(
  onResult: (result: IndexingResult) => void,
  say: (words: string) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  try {
    say(`Writing ${folders * filesOfFolder} files ...`)
    const pictures = await writePictures(folder)
    const otherLoad = await measureBusyShare()
    process.env.REPRISE_HOME = join(folder, 'home')
    process.env.REPRISE_CACHE = join(folder, 'cache')
    mkdirSync(process.env.REPRISE_HOME)
    const host = await connectHost()
    try {
      onResult({ ...(await addFolder(host, pictures, say)), otherLoad })
    } finally {
      await host.close()
    }
  } finally {
    say('Removing them ...')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writePictures(folder: string): Promise<string> {
  const encoded: Buffer[] = []
  for (const side of sides) {
    const path = join(folder, `${side}.png`)
    await draw(path, { width: side, height: side })
    encoded.push(readFileSync(path))
  }
  const root = join(folder, 'pictures')
  for (let i = 0; i < folders; i++) {
    const name = join(root, `n${String(i).padStart(8, '0')}`)
    mkdirSync(name, { recursive: true })
    for (let j = 0; j < filesOfFolder; j++) {
      writeFileSync(join(name, `picture_${i}_${j}.png`), encoded[j % encoded.length] ?? '')
    }
  }
  return root
}

async function addFolder(host: HostConnection, path: string, say: (words: string) => void) {
  say('Listing them ...')
  const { client } = host
  const hostPid = Number(
    readFileSync(join(process.env.REPRISE_HOME ?? '', 'host.json'), 'utf8').match(/"pid":(\d+)/)?.[1],
  )
  const calls: number[] = []
  let worker: IndexingResult['worker'] = null
  let isOn = true
  const watch = async () => {
    while (isOn) {
      worker = workerFigures(hostPid) ?? worker
      await delay(20)
    }
  }
  const start = performance.now()
  await client.datasets.add.mutate({ path, id: datasetId })
  const watching = watch()
  for (;;) {
    const asked = performance.now()
    const list = await client.datasets.list.query()
    calls.push(performance.now() - asked)
    const added = list.find(({ id }) => id === datasetId)
    if (added?.status === 'ready') break
    if (added?.error) throw new RepriseError(added.error)
    await delay(5)
  }
  const seconds = (performance.now() - start) / 1000
  isOn = false
  await watching
  const sorted = calls.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  const files = folders * filesOfFolder
  return {
    files,
    seconds,
    filesPerSecond: files / seconds,
    worker,
    calls: { count: sorted.length, median: at(0.5), p99: at(0.99), max: at(1) },
  }
}

/** Clock ticks of a second in /proc, which are the same on every Linux. */
const ticks = 100

/** Of the host's child that prepares data; Linux only. */
function workerFigures(hostPid: number): IndexingResult['worker'] {
  try {
    const children = readFileSync(`/proc/${hostPid}/task/${hostPid}/children`, 'utf8').trim().split(/\s+/)
    for (const pid of children) {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('prepare-data')) continue
      const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      // User and system time are fields 14 and 15; the name in field 2 ends at the last bracket.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticks
      return { peakBytes: Number(kilobytes) * 1024, cpuSeconds }
    }
  } catch {
    // The worker has ended, or the system has no /proc.
  }
  return null
}

/** The three figures that are asked for, as lines. */
export function indexingLines({ files, seconds, filesPerSecond, worker, calls }: IndexingResult): string {
  const memory =
    worker === null
      ? 'unknown'
      : `${Math.round(worker.peakBytes / 1e6)} MB; its processor time: ${worker.cpuSeconds.toFixed(1)} s`
  return [
    `${files} files in ${seconds.toFixed(1)} s: ${Math.round(filesPerSecond)} files/s`,
    `peak memory of the worker: ${memory}`,
    `${calls.count} calls of the host: median ${calls.median.toFixed(1)} ms, p99 ${calls.p99.toFixed(1)} ms, longest ${calls.max.toFixed(1)} ms`,
    '',
  ].join('\n')
}
