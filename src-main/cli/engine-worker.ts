// One task of the engine in a process of its own, as the host's workers are: a crash of a native library or a lack of memory
// ends the task, and the command says so.
import { join } from 'node:path'
import { findLibtensorflow } from '../engine/tensorflow/library/find-libtensorflow.ts'
import { workerEnvironment } from '../engine/tensorflow/library/worker-environment.ts'
import { forkWorker } from '../launch/worker-process.ts'
import { type ErrorReport, RepriseError } from '../shared/errors.ts'

const lastLines = 5

/**
 * Runs `src-main/worker/<entry>` with `task` as its message, hands on what it sends, and resolves when it has ended well. An
 * interrupt kills the worker, or is passed on as a message `cancel` where `endsItself` says that it has to tidy up.
 * Throws what the worker reports as `{ type: 'failed' }`, `cancelled` after an interrupt, `worker-died` when it ends without a
 * word, and `libtensorflow-missing` before it begins.
 */
export async function runEngineWorker<Task, Message extends { type: string }>(
  entry: 'examine-models.ts' | 'predict.ts' | 'prove-resume.ts',
  task: Task,
  onMessage: (message: Message) => void,
  { endsItself = false }: { endsItself?: boolean } = {},
): Promise<void> {
  const library = await findLibtensorflow()
  const lines: string[] = []
  let error: ErrorReport | undefined
  const worker = forkWorker<Task | { type: 'cancel' }, Message | { type: 'failed'; error: ErrorReport }>({
    entry: join(import.meta.dirname, '..', 'worker', entry),
    env: workerEnvironment(library),
    onMessage: (message) => {
      if ('error' in message) error = message.error
      else onMessage(message)
    },
    onLine: (line) => {
      lines.push(line)
      if (lines.length > lastLines) lines.shift()
    },
  })
  let interrupted = false
  const interrupt = () => {
    interrupted = true
    if (endsItself) worker.send({ type: 'cancel' })
    else worker.kill()
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) process.once(name, interrupt)
  worker.send(task)
  const { code, signal } = await worker.ended
  for (const name of signals) process.off(name, interrupt)
  if (interrupted) throw new RepriseError({ code: 'cancelled', message: 'Interrupted.' })
  if (error) throw new RepriseError(error)
  if (code === 0) return
  throw new RepriseError({
    code: 'worker-died',
    message: 'The engine ended unexpectedly.',
    expected: 'an answer',
    found: lines.at(-1) ?? `exit code ${code ?? 'none'}, signal ${signal ?? 'none'}`,
    fix: 'Run "reprise doctor" to check the installation; if memory ran out, close other programs.',
    details: { code, signal, lines },
  })
}
