import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type AnsweringWorkerOptions, createAnsweringWorker } from './answering-worker.ts'

function answering(options: Partial<AnsweringWorkerOptions> = {}) {
  const worker = createAnsweringWorker<string, { text: string; pid: number }>({
    entry: join(import.meta.dirname, 'test-host', 'scripted-answerer.ts'),
    env: () => process.env,
    does: 'answers',
    atOnce: 1,
    mostWaiting: 10,
    answerMs: 20_000,
    idleMs: 60_000,
    ...options,
  })
  onTestFinished(() => worker.close())
  return worker
}

test('one process answers, and what it refuses is told as it was thrown', async () => {
  const worker = answering({ atOnce: 2 })
  const [first, second] = await Promise.all([worker.ask('a'), worker.ask('b')])
  expect([first.text, second.text]).toEqual(['a', 'b'])
  expect(second.pid).toBe(first.pid)
  await expect(worker.ask('refuse')).rejects.toMatchObject({ code: 'data-missing', message: 'No.' })
})

test('a death takes only what was asked along; what waits is asked of a new process', async () => {
  const worker = answering()
  const dying = worker.ask('die')
  const next = worker.ask('after')
  await expect(dying).rejects.toMatchObject({ code: 'worker-died', found: 'code 3' })
  expect((await next).text).toBe('after')
})

test('an answer that takes too long ends the process', async () => {
  const worker = answering({ answerMs: 5000 })
  const hanging = worker.ask('hang')
  await expect(hanging).rejects.toMatchObject({ code: 'worker-died', found: 'no answer within 5 s' })
  expect((await worker.ask('after')).text).toBe('after')
})

test('a question that is taken back holds up nothing', async () => {
  const worker = answering()
  const { pid } = await worker.ask('before')
  const leave = new AbortController()
  const hanging = worker.ask('hang', leave.signal)
  const next = worker.ask('after')
  leave.abort()
  await expect(hanging).rejects.toMatchObject({ code: 'cancelled' })
  expect((await next).pid).toBe(pid)
})

test('where an answer cannot be stopped, taking it back ends the process', async () => {
  const worker = answering({ cancelEnds: true })
  const { pid } = await worker.ask('before')
  const leave = new AbortController()
  const hanging = worker.ask('hang', leave.signal)
  leave.abort()
  await expect(hanging).rejects.toMatchObject({ code: 'cancelled' })
  expect((await worker.ask('after')).pid).not.toBe(pid)
})

test('more than so many are refused', async () => {
  const worker = answering({ mostWaiting: 2 })
  const asked = ['a', 'b', 'c'].map((text) => worker.ask(text))
  await expect(worker.ask('d')).rejects.toMatchObject({ code: 'not-allowed' })
  expect((await Promise.all(asked)).map(({ text }) => text)).toEqual(['a', 'b', 'c'])
})

test('nobody answers while files are changed, and what was asked is asked again', async () => {
  const worker = answering()
  const { pid } = await worker.ask('before')
  const order: string[] = []
  const asked = worker.ask('during').then((answer) => {
    order.push('answered')
    return answer
  })
  await worker.whileEnded(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    order.push('changed')
  })
  expect((await asked).pid).not.toBe(pid)
  expect(order).toEqual(['changed', 'answered'])
})

test('without a question for a while the process ends, and the next one starts another', async () => {
  const worker = answering({ idleMs: 30 })
  const { pid } = await worker.ask('a')
  await expect.poll(() => isAlive(pid)).toBe(false)
  expect((await worker.ask('b')).text).toBe('b')
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
