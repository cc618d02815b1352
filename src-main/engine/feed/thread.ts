// A thread of a feed pool: takes pieces of work and does them one after the other.
import { parentPort, workerData } from 'node:worker_threads'
import { toErrorReport } from '../../shared/errors.ts'
import type { FeedWork, ThreadReply, ThreadRequest } from './messages.ts'
import { createPicturePreparer, type PicturePreparer } from './picture-preparer.ts'
import type { BrokenPicture, FeedPlan } from './types.ts'

const reply = (message: ThreadReply) => parentPort?.postMessage(message)

function serve(preparer: PicturePreparer): void {
  let working = Promise.resolve()
  const answer = async (request: ThreadRequest) => {
    if (request.kind === 'close') {
      preparer.close()
      parentPort?.close()
    } else {
      reply({ kind: 'done', broken: await doWork(preparer, request.work, request.target, request.first) })
    }
  }
  parentPort?.on('message', (request: ThreadRequest) => {
    working = working.then(() => answer(request))
  })
}

async function doWork(
  preparer: PicturePreparer,
  work: FeedWork,
  target: SharedArrayBuffer,
  first: number,
): Promise<BrokenPicture[]> {
  const broken: BrokenPicture[] = []
  const note = (place: number, reason: string | null) => {
    if (reason !== null) broken.push({ place, reason })
  }
  if (work.kind === 'training') {
    for (const [i, request] of work.pictures.entries()) {
      note(first + i, await preparer.training(request, work.input, target, first + i))
    }
  } else {
    for (const [i, source] of work.pictures.entries()) {
      note(first + i, await preparer.test(source, work.views, target, first + i))
    }
  }
  return broken
}

try {
  serve(createPicturePreparer(workerData as FeedPlan))
} catch (error) {
  reply({ kind: 'failed', report: toErrorReport(error) })
}
