// Pictures for the eye and looks at sources, both read by processes of their own.

import type { SourceLook } from '../../shared/dataset-views.ts'
import { RepriseError } from '../../shared/errors.ts'
import type { BoxRule } from '../../shared/registry/readers.ts'
import type { PicturesAnswer, PicturesQuestion, ThumbnailSide } from '../../shared/worker-protocol.ts'
import { createAnsweringWorker } from '../answering-worker.ts'
import type { PictureFile } from '../api/services.ts'
import type { HostContext } from '../host-context.ts'

export interface PictureService {
  /** Rejects with `data-missing`, `picture-broken`, `cancelled` or `worker-died`. */
  picture(
    asked: { datasetId: string; version: string; picture: number; side: ThumbnailSide },
    signal: AbortSignal,
  ): Promise<PictureFile>
  /** Rejects with what is wrong with the source, `cancelled` or `worker-died`. */
  look(path: string, boxRule: BoxRule, signal: AbortSignal | undefined): Promise<SourceLook>
  /** Does `action` while no picture of any data set is open. */
  whileClosed<T>(action: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function createPictureService(
  context: Pick<HostContext, 'entries' | 'env' | 'folders' | 'timing'>,
): PictureService {
  const { entries, env, timing } = context
  const common = { entry: entries.pictures, env: () => env, idleMs: timing.idleMs }
  const pictures = createAnsweringWorker<PicturesQuestion, PicturesAnswer>({
    ...common,
    does: 'reads pictures',
    atOnce: 4,
    mostWaiting: 2000,
    answerMs: timing.pictureMs,
  })
  // A process of its own: a look at a large source must not hold up pictures, and is ended when nobody waits for it.
  const looks = createAnsweringWorker<PicturesQuestion, PicturesAnswer>({
    ...common,
    does: 'looks at the source',
    atOnce: 1,
    mostWaiting: 20,
    answerMs: timing.lookMs,
    cancelEnds: true,
  })
  return {
    picture: async (asked, signal) => {
      const answer = await pictures.ask({ type: 'picture', datasetsDir: context.folders.datasets, ...asked }, signal)
      if (answer.type === 'picture') return answer
      throw mixedUp()
    },
    look: async (path, boxRule, signal) => {
      const answer = await looks.ask({ type: 'look', path, boxRule }, signal)
      if (answer.type === 'look') return answer.look
      throw mixedUp()
    },
    whileClosed: pictures.whileEnded,
    close: async () => {
      await Promise.all([pictures.close(), looks.close()])
    },
  }
}

const mixedUp = () => new RepriseError({ code: 'internal', message: 'The answer is that of another question.' })
