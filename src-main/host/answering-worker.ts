// A long-lived process that answers questions for the host. It starts with the first one, may die at any of them, and ends when
// nobody has asked for a while.
import { forkWorker, type WorkerProcess } from '../launch/worker-process.ts'
import { RepriseError } from '../shared/errors.ts'
import type { AnswererToHost, HostToAnswerer } from '../shared/worker-protocol.ts'

export interface AnsweringWorkerOptions {
  /** Program to run, a TypeScript file. */
  entry: string
  env: () => NodeJS.ProcessEnv
  /** What the process does, to follow "The process that". */
  does: string
  /** A question that nobody waits for ends the process, where it cannot be stopped otherwise. */
  cancelEnds?: boolean
  /** Sent to the process at once; the others wait here, so that its death takes few along. */
  atOnce: number
  /** More are refused. */
  mostWaiting: number
  /** An answer that takes longer ends the process. */
  answerMs: number
  /** Without a question for so long, the process ends. */
  idleMs: number
}

export interface AnsweringWorker<Question, Answer> {
  /**
   * Rejects with what the process refuses with, `cancelled` after an abort, `worker-died` when the process ends or takes too long,
   * `not-allowed` when too many wait.
   */
  ask(question: Question, signal?: AbortSignal): Promise<Answer>
  /** Does `action` while no process holds files open; what waits is asked afterwards. */
  whileEnded<T>(action: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

interface Waiting<Question, Answer> {
  request: number
  question: Question
  resolve(answer: Answer): void
  reject(error: RepriseError): void
}

interface Asked<Question, Answer> extends Waiting<Question, Answer> {
  timer: NodeJS.Timeout
  of: WorkerProcess<HostToAnswerer<Question>>
}

export function createAnsweringWorker<Question, Answer>(
  options: AnsweringWorkerOptions,
): AnsweringWorker<Question, Answer> {
  type Message = AnswererToHost<Answer>
  let queue: Waiting<Question, Answer>[] = []
  const asked = new Map<number, Asked<Question, Answer>>()
  let worker: WorkerProcess<HostToAnswerer<Question>> | null = null
  /** Processes that have not ended yet, those that were told to among them. */
  const ends = new Set<Promise<void>>()
  let idle: NodeJS.Timeout | undefined
  let requests = 0
  let closed = false
  let held = 0
  let lastLine = ''

  const settle = (request: number): Asked<Question, Answer> | undefined => {
    const found = asked.get(request)
    if (found) clearTimeout(found.timer)
    asked.delete(request)
    return found
  }

  const start = () => {
    const started = forkWorker<HostToAnswerer<Question>, Message>({
      entry: options.entry,
      env: options.env(),
      onLine: (line) => {
        lastLine = line
      },
      onMessage: (message) => {
        const found = settle(message.request)
        if (message.type === 'answer') found?.resolve(message.answer)
        else found?.reject(new RepriseError(message.error))
        pump()
      },
    })
    worker = started
    const end = started.ended.then(({ code, signal }) => {
      ends.delete(end)
      if (worker === started) worker = null
      const error = died(options.does, lastLine || `${signal ?? `code ${code}`}`)
      for (const [request, { of }] of [...asked]) if (of === started) settle(request)?.reject(error)
      pump()
    })
    ends.add(end)
    return started
  }

  /** Ends the process; the next question goes to another one. */
  const retire = () => {
    worker?.kill()
    worker = null
  }

  const pump = () => {
    clearTimeout(idle)
    while (!closed && held === 0 && asked.size < options.atOnce) {
      const next = queue.shift()
      if (!next) break
      const timer = setTimeout(() => {
        settle(next.request)?.reject(died(options.does, `no answer within ${options.answerMs / 1000} s`))
        retire()
      }, options.answerMs)
      const process = worker ?? start()
      asked.set(next.request, { ...next, timer, of: process })
      process.send({ type: 'ask', request: next.request, question: next.question })
    }
    if (asked.size === 0 && worker) idle = setTimeout(retire, options.idleMs)
  }

  const takeBack = (request: number) => {
    queue = queue.filter((waiting) => waiting.request !== request)
    if (settle(request)) {
      if (options.cancelEnds) retire()
      else worker?.send({ type: 'cancel', request })
    }
    pump()
  }

  const end = async () => {
    clearTimeout(idle)
    retire()
    await Promise.all(ends)
  }

  return {
    ask: (question, signal) => {
      if (signal?.aborted || closed) return Promise.reject(takenBack())
      if (queue.length >= options.mostWaiting) return Promise.reject(tooMany(queue.length))
      requests += 1
      const request = requests
      return new Promise<Answer>((resolve, reject) => {
        const onAbort = () => {
          takeBack(request)
          reject(takenBack())
        }
        const done = () => signal?.removeEventListener('abort', onAbort)
        signal?.addEventListener('abort', onAbort, { once: true })
        queue.push({
          request,
          question,
          resolve: (answer) => {
            done()
            resolve(answer)
          },
          reject: (error) => {
            done()
            reject(error)
          },
        })
        pump()
      })
    },
    whileEnded: async (action) => {
      held += 1
      // Nothing is changed by a question, so that it may be asked again.
      queue = [...[...asked.keys()].flatMap((request) => settle(request) ?? []), ...queue]
      try {
        await end()
        return await action()
      } finally {
        held -= 1
        pump()
      }
    },
    close: async () => {
      closed = true
      for (const waiting of queue.splice(0)) waiting.reject(takenBack())
      await end()
    },
  }
}

const takenBack = () => new RepriseError({ code: 'cancelled', message: 'Nobody waits for the answer any more.' })

const tooMany = (waiting: number) =>
  new RepriseError({
    code: 'not-allowed',
    message: 'Too many answers are asked for at once.',
    found: `${waiting} that wait`,
    fix: 'Try again in a moment.',
  })

const died = (does: string, found: string) =>
  new RepriseError({
    code: 'worker-died',
    message: `The process that ${does} ended before it answered.`,
    found,
    fix: 'Try again; a check of the data set names the pictures that cannot be read.',
  })
