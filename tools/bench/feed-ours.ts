// Our side of the comparison of data feeds: passes over a folder of JPEG files, timed on request. Started by main.ts.
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { epochOrder } from '../../src-main/engine/data/draws.ts'
import { createFeedPool } from '../../src-main/engine/feed/pool.ts'
import type { TrainingRequest } from '../../src-main/engine/feed/types.ts'
import { findLibtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import { describeError, toErrorReport } from '../../src-main/shared/errors.ts'
import { runConfigSchema } from '../../src-main/shared/run-config.ts'

const batch = 64
const side = 224
/** Batches under way, as the training loop keeps them. */
const ahead = 3

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)

async function main(): Promise<void> {
  const { values: options } = parseArgs({ options: { folder: { type: 'string' }, repeats: { type: 'string' } } })
  const folder = options.folder ?? '.'
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.jpg'))
  const library = await findLibtensorflow()
  const threads = availableParallelism()
  const pool = createFeedPool({
    root: folder,
    pixels: null,
    decoded: null,
    config: runConfigSchema.parse({ augment: { crop: 'random-resized', flip: 'random' } }),
    normalization: { scale: new Float32Array(3), offset: new Float32Array(3), offsetShape: [3] },
    libtensorflowDir: library.folder,
    threads,
  })
  const count = files.length * Number(options.repeats)
  const targets = Array.from({ length: ahead }, () => new SharedArrayBuffer(batch * side * side * 3))

  const pass = async (epoch: number) => {
    const order = epochOrder(1, epoch, count)
    const feed = async (first: number): Promise<void> => {
      for (let start = first * batch; start < count; start += ahead * batch) {
        const requests = Array.from(order.subarray(start, start + batch), (index): TrainingRequest => {
          const path = (files[index % files.length] ?? '').replaceAll('\\', '/')
          return { source: { kind: 'file', path }, key: { seed: 1, epoch, index, view: 0, split: 0 } }
        })
        const broken = await pool.training(requests, [side, side], targets[first] as SharedArrayBuffer)
        if (broken.length > 0) throw new Error(broken[0]?.reason)
      }
    }
    await Promise.all(targets.map((_, first) => feed(first)))
  }

  await pass(0)
  say({ ready: true, threads, pictures: count, versions: { node: process.versions.node, tensorflow: library.version } })
  let epoch = 1
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line) as { steps: number }
    const began = performance.now()
    for (let i = 0; i < steps; i++) await pass(epoch++)
    say({ seconds: (performance.now() - began) / 1000 })
  }
  await pool.close()
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${describeError(toErrorReport(error))}\n`)
  process.exit(1)
}
