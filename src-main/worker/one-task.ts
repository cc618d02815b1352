// A process with one task: it comes as the first message, answers go back, a failure is the last of them.
import { type ErrorReport, toErrorReport } from '../shared/errors.ts'

/**
 * Waits for a task, does it, and ends the process: with 0, or with 1 after `{ type: 'failed', error }`. `report` resolves
 * when a message is handed over. TensorFlow's threads outlive JavaScript, so the process leaves by exit.
 */
export function answerOneTask<Task, Message>(
  work: (task: Task, report: (message: Message) => Promise<void>) => Promise<void>,
): void {
  const send = (message: Message | { type: 'failed'; error: ErrorReport }): Promise<void> =>
    new Promise((resolve) => {
      if (process.send && process.connected) process.send(message, undefined, undefined, () => resolve())
      else resolve()
    })
  process.once('message', (task: Task) => {
    void work(task, send)
      .then(() => 0)
      .catch((error: unknown) => send({ type: 'failed', error: toErrorReport(error) }).then(() => 1))
      .then((code) => process.exit(code))
  })
  // Nobody is left to hear the answer.
  process.once('disconnect', () => process.exit(1))
}
