// Answers for tests: "die" ends the process, "hang" never answers, "refuse" fails; any other text comes back with the process's id.
import { RepriseError } from '../../shared/errors.ts'
import { answerQuestions } from '../../worker/answer-questions.ts'

answerQuestions<string, { text: string; pid: number }>(async (text, signal) => {
  if (text === 'die') process.exit(3)
  if (text === 'refuse') throw new RepriseError({ code: 'data-missing', message: 'No.' })
  if (text === 'hang') {
    await new Promise<void>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  }
  return { text, pid: process.pid }
})
