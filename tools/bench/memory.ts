// node tools/bench/memory.ts [--json FILE]: peak memory and time of training steps with and without gradient checkpointing, each in
// a fresh process. README.md says how.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findLibtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import { workerEnvironment } from '../../src-main/engine/tensorflow/library/worker-environment.ts'
import { appVersion } from '../../src-main/launch/resources.ts'
import { describeError, toErrorReport } from '../../src-main/shared/errors.ts'
import { thisHardware } from './hardware.ts'
import { measureBusyShare } from './machine-load.ts'
import { startTimedProcess } from './timed-process.ts'

const nets = ['resnet50', 'vit-base-patch16'] as const
const precision = 'fp32'

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: { json: { type: 'string' }, batch: { type: 'string', default: '16' } },
  })
  const env = workerEnvironment(await findLibtensorflow())
  const results: object[] = []
  let versions: Record<string, string> = {}
  for (const net of nets) {
    for (const checkpointing of [false, true]) {
      const args = ['--net', net, '--batch', options.batch, '--precision', precision, '--warm-up', '1']
      const program = [join(import.meta.dirname, 'ours.ts'), ...args, ...(checkpointing ? ['--checkpointing'] : [])]
      const otherLoad = await measureBusyShare()
      const timed = await startTimedProcess(process.execPath, program, env)
      versions = timed.ready.versions
      const seconds = await timed.time(1)
      await timed.stop()
      const { startBytes, peakBytes } = timed.ready
      results.push({ net, checkpointing, startBytes, peakBytes, seconds, otherLoad })
      process.stdout.write(`${JSON.stringify(results.at(-1))}\n`)
    }
  }
  if (options.json === undefined) return
  const hardware = thisHardware()
  const record = {
    date: new Date().toISOString(),
    hardware,
    versions: { reprise: appVersion(), ...versions },
    allocator: env.LD_PRELOAD ? `jemalloc ${env.MALLOC_CONF}` : (env.GLIBC_TUNABLES ?? 'default'),
    precision,
    batch: Number(options.batch),
    results,
  }
  writeFileSync(resolve(options.json), `${JSON.stringify(record, null, 2)}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${describeError(toErrorReport(error))}\n`)
  process.exitCode = 1
}
