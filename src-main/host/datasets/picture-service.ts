// Pictures for the eye and looks at sources, both read by processes of their own.

import type { SourceLook } from '../../shared/dataset-views.ts'
import type { BoxRule } from '../../shared/registry/readers.ts'
import type { LookAnswer, LookQuestion, PictureAnswer, PictureQuestion } from '../../shared/worker-protocol.ts'
import { createAnsweringWorker } from '../answering-worker.ts'
import type { PictureFile } from '../api/services.ts'
import type { HostContext } from '../host-context.ts'

export interface PictureService {
  /** Rejects with `data-missing`, `picture-broken`, `cancelled` or `worker-died`. */
  picture(asked: Omit<PictureQuestion, 'datasetsDir'>, signal: AbortSignal): Promise<PictureFile>
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
  const common = { env: () => env, idleMs: timing.idleMs }
  const pictures = createAnsweringWorker<PictureQuestion, PictureAnswer>({
    ...common,
    entry: entries.pictures,
    does: 'reads pictures',
    atOnce: 4,
    mostWaiting: 2000,
    answerMs: timing.pictureMs,
  })
  // A process of its own: a look at a large source must not hold up pictures, and is ended when nobody waits for it.
  const looks = createAnsweringWorker<LookQuestion, LookAnswer>({
    ...common,
    entry: entries.sourceLooks,
    does: 'looks at the source',
    atOnce: 1,
    mostWaiting: 20,
    answerMs: timing.lookMs,
    cancelEnds: true,
  })
  return {
    picture: (asked, signal) => pictures.ask({ datasetsDir: context.folders.datasets, ...asked }, signal),
    look: (path, boxRule, signal) => looks.ask({ path, boxRule }, signal),
    whileClosed: pictures.whileEnded,
    close: async () => {
      await Promise.all([pictures.close(), looks.close()])
    },
  }
}
