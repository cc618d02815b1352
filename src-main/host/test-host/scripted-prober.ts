// A probe for tests. The learning rate decides: 0.5 waits to be cancelled, 0.25 fails, any other is measured at once.
import type { ProbeAnswer, ProbeTask } from '../../shared/probe.ts'

function send(message: ProbeAnswer | Record<string, unknown>): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()))
}

async function probe({ config }: ProbeTask): Promise<void> {
  await send({ type: 'progress', phase: 'steps', done: 3, total: 10 })
  if (config.optimizer.lr === 0.5) return
  if (config.optimizer.lr === 0.25) {
    await send({ type: 'failed', error: { code: 'out-of-memory', message: 'The memory ran out.' } })
    process.exit(1)
  }
  await send({
    type: 'probed',
    result: {
      at: 1_790_000_000_000,
      device: 'CPU',
      precision: config.compute.precision,
      steps: 8,
      stepSeconds: 0.5,
      imagesPerSecond: config.train.batchSize / 0.5,
      epochSeconds: 50,
      evaluationSeconds: 2,
      seedSeconds: 1000,
      allSeconds: 1000 * config.seeds.count,
      dataWait: 0.1,
      memory: { predictedBytes: 600e6, measuredBytes: 650e6 },
      stateBytes: 500_000,
      disturbed: false,
    },
  })
  process.exit(0)
}

process.on('disconnect', () => process.exit(1))
process.on('message', (task: ProbeTask) => void probe(task))
