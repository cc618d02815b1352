// One task of the engine in a process of its own, as the host's workers are: a crash of a native library or a lack of memory
// ends the task, and the command says so.
import { join } from 'node:path'
import { findLibtensorflow } from '../engine/tensorflow/library/find-libtensorflow.ts'
import { workerEnvironment } from '../engine/tensorflow/library/worker-environment.ts'
import { forkWorker } from '../launch/worker-process.ts'
import { type ErrorReport, RepriseError } from '../shared/errors.ts'

const lastLines = 5

/**
 * Runs `src-main/worker/<entry>` with `task` as its message, hands on what it sends, and resolves when it has ended well.
 * Throws what the worker reports as `{ type: 'failed' }`, `worker-died` when it ends without a word, and
 * `libtensorflow-missing` before it begins.
 */
export async function runEngineWorker<Task, Message extends { type: string }>(
  entry: 'examine-models.ts' | 'predict.ts',
  task: Task,
  onMessage: (message: Message) => void,
): Promise<void> {
  const library = await findLibtensorflow()
  const lines: string[] = []
  let error: ErrorReport | undefined
  const worker = forkWorker<Task, Message | { type: 'failed'; error: ErrorReport }>({
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
  const interrupt = () => worker.kill()
  process.once('SIGINT', interrupt)
  worker.send(task)
  const { code, signal } = await worker.ended
  process.off('SIGINT', interrupt)
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
