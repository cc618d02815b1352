// node tools/bench/memory-prediction.ts [--json FILE] [--case TEXT]: the memory of training steps as predicted from their graphs
// against the measured peak of a process that runs them. README.md says how.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findLibtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import { workerEnvironment } from '../../src-main/engine/tensorflow/library/worker-environment.ts'
import { appVersion } from '../../src-main/launch/resources.ts'
import { describeError, toErrorReport } from '../../src-main/shared/errors.ts'
import type { ModelName } from '../../src-main/shared/registry/models.ts'
import { thisHardware } from './hardware.ts'
import { startTimedProcess } from './timed-process.ts'

interface Case {
  net: ModelName
  batch: number
  precision: 'fp32' | 'bf16'
  checkpointing?: boolean
  /** Whether the constants of shared/process-memory.ts were fitted to it. */
  fitted: boolean
}

interface Result extends Case {
  predictedBytes: number
  measuredBytes: number
  ratio: number
}

const fp32 = { precision: 'fp32', fitted: true } as const
const bf16 = { precision: 'bf16', fitted: true } as const
const unseen = { fitted: false } as const

const cases: readonly Case[] = [
  { net: 'resnet20-cifar', batch: 128, ...fp32 },
  { net: 'resnet20-cifar', batch: 256, ...fp32 },
  { net: 'resnet50', batch: 8, ...fp32 },
  { net: 'resnet50', batch: 16, ...fp32 },
  { net: 'vit-small-patch16', batch: 8, ...fp32 },
  { net: 'vit-small-patch16', batch: 16, ...fp32 },
  { net: 'resnet20-cifar', batch: 128, ...bf16 },
  { net: 'resnet50', batch: 8, ...bf16 },
  { net: 'resnet50', batch: 8, ...fp32, checkpointing: true },
  { net: 'densenet121', batch: 8, ...fp32 },
  { net: 'mobilenet-v3-large', batch: 16, ...fp32 },
  { net: 'mobilenet-v2', batch: 16, ...fp32, ...unseen },
  { net: 'densenet121', batch: 8, ...bf16, ...unseen },
  { net: 'resnet18', batch: 8, ...bf16, ...unseen },
  { net: 'vit-tiny-patch16', batch: 16, ...fp32, ...unseen },
  { net: 'vit-small-patch16', batch: 8, ...fp32, ...unseen, checkpointing: true },
  { net: 'vit-base-patch16', batch: 4, ...fp32, ...unseen },
  { net: 'airbench94', batch: 256, ...fp32, ...unseen },
  { net: 'resnet56-cifar', batch: 128, ...fp32, ...unseen },
  { net: 'squeezenet1-1', batch: 16, ...fp32, ...unseen },
  { net: 'convnext-tiny', batch: 4, ...fp32, ...unseen },
]

const nameOf = ({ net, batch, precision, checkpointing }: Case) =>
  `${net}, batch ${batch}, ${precision}${checkpointing ? ', checkpointing' : ''}`

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: { json: { type: 'string' }, case: { type: 'string', default: '' } },
  })
  const env = workerEnvironment(await findLibtensorflow())
  for (const one of cases.filter((candidate) => nameOf(candidate).includes(options.case))) {
    const { net, batch, precision, checkpointing = false } = one
    const args = ['--net', net, '--batch', String(batch), '--precision', precision, '--warm-up', '2', '--predict']
    const program = [join(import.meta.dirname, 'ours.ts'), ...args, ...(checkpointing ? ['--checkpointing'] : [])]
    const timed = await startTimedProcess(process.execPath, program, env)
    await timed.stop()
    const { predictedBytes = 0, peakBytes: measuredBytes = 0 } = timed.ready
    const ratio = Number((predictedBytes / measuredBytes).toFixed(3))
    const result = { net, batch, precision, checkpointing, fitted: one.fitted, predictedBytes, measuredBytes, ratio }
    const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`.padStart(8)
    const figures = `predicted ${megabytes(predictedBytes)}  measured ${megabytes(measuredBytes)}  ratio ${ratio}`
    process.stdout.write(`${nameOf(one).padEnd(48)} ${figures}${one.fitted ? '' : '  (not fitted)'}\n`)
    if (options.json !== undefined) keep(resolve(options.json), result, { ...timed.ready.versions }, env)
  }
}

/** Puts a result into the record, in the place of an older one of the same case; the others stay. */
function keep(file: string, result: Result, versions: Record<string, string>, env: NodeJS.ProcessEnv): void {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { results: Result[] }).results : []
  const known = new Map([...before, result].map((of) => [nameOf(of), of]))
  const results = cases.flatMap((of) => known.get(nameOf(of)) ?? [])
  const record = {
    date: new Date().toISOString(),
    hardware: thisHardware(),
    versions: { reprise: appVersion(), ...versions },
    allocator: env.LD_PRELOAD ? `jemalloc ${env.MALLOC_CONF}` : (env.GLIBC_TUNABLES ?? 'default'),
    results,
  }
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${describeError(toErrorReport(error))}\n`)
  process.exitCode = 1
}
