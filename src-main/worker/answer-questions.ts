// A process that answers questions until its parent goes: each has a number, several may be under way at once.
import { RepriseError, toErrorReport } from '../shared/errors.ts'
import type { AnswererToHost, HostToAnswerer } from '../shared/worker-protocol.ts'

/** Answers every question by `answer`; what it throws goes back as a refusal. Its signal ends what nobody waits for. */
export function answerQuestions<Question, Answer>(
  answer: (question: Question, signal: AbortSignal) => Promise<Answer>,
): void {
  const waiting = new Map<number, AbortController>()
  const send = (message: AnswererToHost<Answer>) => {
    if (process.send && process.connected) process.send(message, () => {})
  }
  process.on('message', (message: HostToAnswerer<Question>) => {
    const { request } = message
    if (message.type === 'cancel') return waiting.get(request)?.abort()
    const cancellation = new AbortController()
    waiting.set(request, cancellation)
    void answer(message.question, cancellation.signal)
      .then((found) => send({ type: 'answer', request, answer: found }))
      .catch((error: unknown) => send({ type: 'refusal', request, error: toErrorReport(reasonOf(error)) }))
      .finally(() => waiting.delete(request))
  })
  process.once('disconnect', () => process.exit(0))
}

function reasonOf(error: unknown): unknown {
  const isAbort = error instanceof Error && error.name === 'AbortError'
  return isAbort ? new RepriseError({ code: 'cancelled', message: 'Nobody waits for the answer any more.' }) : error
}
