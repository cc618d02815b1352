// npm run bench -- [--json FILE]: a training step, or the feed of pictures, of ours against other frameworks, in interleaved
// rounds. README.md says how.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findLibtensorflow, type Libtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import { workerEnvironment } from '../../src-main/engine/tensorflow/library/worker-environment.ts'
import { cacheFolder } from '../../src-main/launch/data-folder.ts'
import { appVersion } from '../../src-main/launch/resources.ts'
import { describeError, RepriseError, toErrorReport } from '../../src-main/shared/errors.ts'
import { benchGroups, benchNets, type Contender, cifarNets, imageNetNets } from './configurations.ts'
import { compareFeeds, type DataBenchOptions, feedTable } from './data.ts'
import { thisHardware } from './hardware.ts'
import { benchIndexing, indexingLines } from './indexing.ts'
import { jemallocForTorch, jemallocSettings } from './jemalloc.ts'
import { measureBusyShare } from './machine-load.ts'
import { pythonWith } from './python-venv.ts'
import { groupRatios, groupTable } from './report.ts'
import { type GroupResult, runGroup } from './run-group.ts'

const usage = `Usage: npm run bench -- [options]

  --json FILE          write all rounds, versions and hardware to FILE
  --rounds N           measurements of every configuration (default 10)
  --seconds S          about how long one measurement takes (default 1.5)
  --nets               the networks for 224 pixels instead of those for CIFAR-10
  --data               the feed of pictures instead of training steps
  --net NAME           only one: ${benchNets.join(', ')}
  --airbench-batch N   batch of airbench94 (default 1024, its own)
  --index              list a folder of 200,000 files as a data set instead
  --help               show this
`

function wrongUsage(message: string): never {
  throw new RepriseError({ code: 'usage', message, fix: usage })
}

function readOptions(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: 'string' },
        rounds: { type: 'string', default: '10' },
        seconds: { type: 'string', default: '1.5' },
        net: { type: 'string' },
        nets: { type: 'boolean', default: false },
        data: { type: 'boolean', default: false },
        index: { type: 'boolean', default: false },
        'airbench-batch': { type: 'string', default: '1024' },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    wrongUsage((error as Error).message)
  }
}

function positive(name: string, text: string, whole: boolean): number {
  const value = Number(text)
  if (!(value > 0) || (whole && !Number.isInteger(value))) {
    wrongUsage(`--${name} takes ${whole ? 'a whole number' : 'a number'} above 0, not "${text}".`)
  }
  return value
}

const say = (words: string) => process.stderr.write(`${words}\n`)

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options.help) return void process.stdout.write(usage)
  if (options.index) return measureIndexing(options.json)
  const rounds = positive('rounds', options.rounds, true)
  const measurementSeconds = positive('seconds', options.seconds, false)
  const nets = benchNets.filter((net) => net === options.net)
  if (options.net !== undefined && nets.length === 0) {
    wrongUsage(`--net takes one of ${benchNets.join(', ')}, not "${options.net}".`)
  }
  if (options.net === undefined) nets.push(...(options.nets ? imageNetNets : cifarNets))
  const batches = { airbench94: positive('airbench-batch', options['airbench-batch'], true) }

  const cache = cacheFolder()
  const here = import.meta.dirname
  const library = await findLibtensorflow()
  const jemalloc = await jemallocForTorch(cache, say)
  const { LD_PRELOAD: _preload, MALLOC_CONF: _conf, GLIBC_TUNABLES: _tunables, ...plain } = process.env
  if (options.data) {
    await measureFeeds(options.json, { cache, rounds, library, environment: plain, jemalloc, say })
    return
  }
  const python = await pythonWith('PyTorch', cache, join(here, 'requirements.txt'), say)
  const torchEnvironment = (allocator: Contender['allocator']): NodeJS.ProcessEnv =>
    allocator === 'jemalloc' && jemalloc !== null
      ? { ...plain, LD_PRELOAD: jemalloc, MALLOC_CONF: jemallocSettings }
      : plain
  const command = (contender: Contender) =>
    contender.side === 'ours'
      ? {
          command: process.execPath,
          args: [join(here, 'ours.ts'), ...contender.arguments],
          env: workerEnvironment(library, plain),
        }
      : {
          command: python,
          args: [join(here, 'torch_step.py'), ...contender.arguments],
          env: torchEnvironment(contender.allocator),
        }

  const groups: GroupResult[] = []
  for (const group of benchGroups({ nets, batches, jemalloc: jemalloc !== null })) {
    const result = await runGroup(group, {
      rounds,
      measurementSeconds,
      measureLoad: () => measureBusyShare(),
      command,
      say,
    })
    groups.push(result)
    process.stdout.write(`\n${groupTable(result)}\n`)
  }
  if (jemalloc === null)
    say('jemalloc is not here and could not be fetched, so PyTorch ran with its default allocator only.')

  const record = {
    ...machineOfRecord(),
    versions: versionsOf(groups.flatMap((group) => group.results)),
    allocators: allocators(library, jemalloc),
    rounds,
    groups: groups.map((group) => ({ ...group, ratios: groupRatios(group.results) })),
  }
  if (options.json !== undefined) writeRecord(options.json, record)
}

async function measureIndexing(json: string | undefined): Promise<void> {
  await benchIndexing((result) => {
    process.stdout.write(indexingLines(result))
    const versions = { reprise: appVersion(), node: process.versions.node }
    if (json !== undefined) writeRecord(json, { ...machineOfRecord(), versions, indexing: result })
  }, say)
}

async function measureFeeds(json: string | undefined, options: DataBenchOptions): Promise<void> {
  const comparison = await compareFeeds(options)
  process.stdout.write(`\n${feedTable(comparison)}\n`)
  const { library, jemalloc, rounds } = options
  const versions = versionsOf(comparison.results)
  const facts = { ...machineOfRecord(), versions, allocators: allocators(library, jemalloc) }
  if (json !== undefined) writeRecord(json, { ...facts, rounds, ...comparison })
}

function machineOfRecord() {
  return {
    date: new Date().toISOString(),
    hardware: thisHardware(),
  }
}

function versionsOf(results: readonly { versions: Record<string, string> }[]): Record<string, string> {
  return Object.assign({ reprise: appVersion() }, ...results.map((result) => result.versions))
}

function allocators(library: Libtensorflow, jemalloc: string | null) {
  const ours = workerEnvironment(library, {})
  return {
    ours: ours.LD_PRELOAD ? `jemalloc ${ours.MALLOC_CONF}` : (ours.GLIBC_TUNABLES ?? 'default'),
    others: jemalloc === null ? ['default'] : ['default', `jemalloc ${jemallocSettings}`],
  }
}

function writeRecord(json: string, record: object): void {
  const file = resolve(json)
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`)
  say(`\nWritten to ${file}`)
}

try {
  await main()
} catch (error) {
  const report = toErrorReport(error)
  process.stderr.write(`${describeError(report)}\n`)
  process.exitCode = report.code === 'usage' ? 2 : 1
}
