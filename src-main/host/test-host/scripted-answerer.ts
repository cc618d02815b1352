// Answers for tests: "die" ends the process, "hang" never answers, "refuse" fails; any other text comes back with the process's id.
import type { AnswererToHost, HostToAnswerer } from '../../shared/worker-protocol.ts'

function send(message: AnswererToHost<{ text: string; pid: number }>): void {
  process.send?.(message)
}

process.on('disconnect', () => process.exit(0))
process.on('message', (message: HostToAnswerer<string>) => {
  if (message.type === 'cancel' || message.question === 'hang') return
  const { request, question: text } = message
  if (text === 'die') process.exit(3)
  if (text === 'refuse') send({ type: 'refusal', request, error: { code: 'data-missing', message: 'No.' } })
  else send({ type: 'answer', request, answer: { text, pid: process.pid } })
})
