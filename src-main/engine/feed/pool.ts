// Threads that prepare pictures. Calls are cut into pieces of a few pictures, which go to whichever thread is free.
import { Worker } from 'node:worker_threads'
import { fromErrorReport, RepriseError } from '../../shared/errors.ts'
import { createPreparation } from '../data/picture-preparation.ts'
import type { FeedWork, ThreadReply, ThreadRequest } from './messages.ts'
import { preparedTypes } from './picture-preparer.ts'
import type { BrokenPicture, FeedPlan, FeedPool } from './types.ts'

/** Pieces that a thread has at once, so that it need not wait for this one while it is busy. */
const piecesAhead = 2
const piecesPerThread = 4
const mostPictures = 32

interface Call {
  /** Pieces that are not done. */
  left: number
  broken: BrokenPicture[]
  failure: RepriseError | null
  settle(call: Call): void
}

interface Piece {
  call: Call
  request: ThreadRequest
}

interface Thread {
  worker: Worker
  /** Under way, in order; the thread works on the first. */
  pieces: Piece[]
  /** What it said before it ended. */
  lastWords: RepriseError | null
}

/**
 * Starts the threads. A picture that cannot be read is told in the result of its call. A thread that dies takes the call
 * with it that it worked for (`worker-died`), and another takes its place. After `close`, calls reject with `cancelled`.
 * Throws `config-out-of-range` for policy settings that cannot be read.
 */
export function createFeedPool(plan: FeedPlan): FeedPool {
  // The threads would find the same fault, later.
  createPreparation(plan.config.augment, plan.normalization)
  const types = preparedTypes(plan.config)
  const waiting: Piece[] = []
  let threads: Thread[] = []
  let isClosed = false

  const start = () => {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: plan, execArgv: [] })
    const thread: Thread = { worker, pieces: [], lastWords: null }
    threads.push(thread)
    worker.on('message', (reply: ThreadReply) => {
      if (reply.kind === 'failed') thread.lastWords = fromErrorReport(reply.report)
      else finish(thread.pieces.shift(), reply.broken)
      handOut()
    })
    worker.on('error', (error) => {
      thread.lastWords = threadDied(error.message)
    })
    worker.on('exit', (code) => bury(thread, code))
  }

  const handOut = () => {
    while (threads.length < plan.threads) start()
    for (let ahead = 1; ahead <= piecesAhead; ahead++) {
      for (const thread of threads) {
        if (waiting.length === 0) return
        if (thread.pieces.length >= ahead) continue
        const piece = waiting.shift() as Piece
        thread.pieces.push(piece)
        thread.worker.postMessage(piece.request)
      }
    }
  }

  const bury = (thread: Thread, code: number) => {
    threads = threads.filter((other) => other !== thread)
    if (isClosed) return
    const [first, ...rest] = thread.pieces
    if (first) fail(first, thread.lastWords ?? threadDied(`exit status ${code}`))
    waiting.unshift(...rest.filter(({ call }) => call !== first?.call))
    for (const piece of rest) if (piece.call === first?.call) finish(piece, [])
    if (waiting.length > 0) handOut()
  }

  /** A call that failed settles when no thread writes for it any more. */
  const fail = (piece: Piece, failure: RepriseError) => {
    const { call } = piece
    call.failure = failure
    const others = waiting.filter((other) => other.call !== call)
    call.left -= waiting.length - others.length
    waiting.splice(0, waiting.length, ...others)
    finish(piece, [])
  }

  const finish = (piece: Piece | undefined, broken: BrokenPicture[]) => {
    if (!piece) return
    const { call } = piece
    call.broken.push(...broken)
    call.left--
    if (call.left === 0) call.settle(call)
  }

  const run = (works: FeedWork[], target: SharedArrayBuffer): Promise<BrokenPicture[]> =>
    new Promise((resolve, reject) => {
      if (isClosed) return reject(closed())
      if (works.length === 0) return resolve([])
      const settle = ({ failure, broken }: Call) => {
        if (failure) reject(failure)
        else resolve(broken.sort((a, b) => a.place - b.place))
      }
      const call: Call = { left: works.length, broken: [], failure: null, settle }
      let first = 0
      for (const work of works) {
        waiting.push({ call, request: { kind: 'work', work, target, first } })
        first += work.pictures.length
      }
      handOut()
    })

  const inPieces = <T>(pictures: readonly T[], work: (pictures: readonly T[]) => FeedWork): FeedWork[] => {
    const size = Math.min(Math.ceil(pictures.length / (plan.threads * piecesPerThread)), mostPictures)
    return Array.from({ length: Math.ceil(pictures.length / Math.max(size, 1)) }, (_, i) =>
      work(pictures.slice(i * size, (i + 1) * size)),
    )
  }

  for (let i = 0; i < plan.threads; i++) start()
  return {
    trainingType: types.training,
    testType: types.test,
    training: (requests, input, target) =>
      run(
        inPieces(requests, (pictures) => ({ kind: 'training', pictures, input })),
        target,
      ),
    test: (sources, views, target) =>
      run(
        inPieces(sources, (pictures) => ({ kind: 'test', pictures, views })),
        target,
      ),
    async close() {
      isClosed = true
      const ends = threads.map(({ worker }) => new Promise((resolve) => worker.once('exit', resolve)))
      for (const { worker } of threads) worker.postMessage({ kind: 'close' } satisfies ThreadRequest)
      const unfinished = new Set([...waiting, ...threads.flatMap(({ pieces }) => pieces)].map(({ call }) => call))
      waiting.length = 0
      await Promise.all(ends)
      for (const call of unfinished) if (call.left > 0) call.settle({ ...call, failure: closed() })
    },
  }
}

function threadDied(found: string): RepriseError {
  return new RepriseError({
    code: 'worker-died',
    message: 'A thread that prepares pictures ended.',
    found,
    fix: 'Continue the run from its last checkpoint. If it happens again, memory may be short: use fewer threads.',
  })
}

function closed(): RepriseError {
  return new RepriseError({ code: 'cancelled', message: 'The preparation of pictures was stopped.' })
}
