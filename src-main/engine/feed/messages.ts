// What passes between a pool and its threads.
import type { ErrorReport } from '../../shared/errors.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Size } from '../data/transforms/crop-geometry.ts'
import type { BrokenPicture, FeedSource, TrainingRequest } from './types.ts'

/** Pictures for one thread. */
export type FeedWork =
  | { kind: 'training'; pictures: readonly TrainingRequest[]; input: Size }
  | { kind: 'test'; pictures: readonly FeedSource[]; views: RunConfig['evaluation']['testAugmentation'] }

export type ThreadRequest =
  | {
      kind: 'work'
      work: FeedWork
      target: SharedArrayBuffer
      /** Place of the first picture among those that fill `target`. */
      first: number
    }
  | { kind: 'close' }

/** One for each piece of work, in order; `failed` where the thread cannot start. */
export type ThreadReply = { kind: 'done'; broken: BrokenPicture[] } | { kind: 'failed'; report: ErrorReport }
