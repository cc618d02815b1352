// A proof for tests. The subject's learning rate decides: 0.5 writes a file "waits" and waits to be cancelled, 0.25 fails, any
// other is proved at once.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProveResumeAnswer, ProveResumeTask } from '../../shared/resume-certificate.ts'
import { scriptedEnvironment } from './scripted-environment.ts'

function send(message: ProveResumeAnswer | Record<string, unknown>): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()))
}

async function prove({ subject, config, changes, workDir }: ProveResumeTask): Promise<void> {
  await send({ type: 'progress', part: 'straight', done: 10, total: 20 })
  if (config.optimizer.lr === 0.5) {
    mkdirSync(workDir, { recursive: true })
    writeFileSync(join(workDir, 'waits'), '')
    return
  }
  if (config.optimizer.lr === 0.25) {
    await send({ type: 'failed', error: { code: 'out-of-memory', message: 'The memory ran out.' } })
    process.exit(1)
  }
  await send({
    type: 'certificate',
    certificate: {
      subject,
      equal: true,
      at: 1_790_000_000_000,
      seconds: 3,
      epochs: 2,
      steps: 20,
      pausedAt: [10, 15],
      tensors: 24,
      bytes: 487_632,
      reports: 23,
      maxDifference: 0,
      firstDifference: null,
      changes,
      environment: scriptedEnvironment,
    },
  })
  process.exit(0)
}

process.on('disconnect', () => process.exit(1))
process.on('message', (message: ProveResumeTask | { type: 'cancel' }) => {
  if (message.type === 'cancel') process.exit(1)
  if (message.type === 'prove-resume') void prove(message)
})
