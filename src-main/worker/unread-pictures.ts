// Pictures that a run could not read: a line of the log for each, and their number with the data of the run.
import type { Dataset } from '../engine/data/dataset.ts'
import type { BrokenReport } from '../engine/train/prepared-batch.ts'
import type { TrainJob, WorkerToHost } from '../shared/worker-protocol.ts'
import { pictureNames } from './picture-parts.ts'

export interface UnreadPictures {
  tell(report: BrokenReport): void
  /** Sends how many there were, where their number has changed. */
  sum(): void
}

export function unreadPictures(
  { datasetsDir }: Pick<TrainJob, 'datasetsDir'>,
  dataset: Dataset,
  send: (message: WorkerToHost) => void,
): UnreadPictures {
  const seen = { train: new Set<number>(), test: new Set<number>() }
  let summed = 0
  return {
    tell({ set, place, reason }) {
      if (seen[set].has(place)) return
      seen[set].add(place)
      const [name] =
        dataset.storage === 'files'
          ? pictureNames(datasetsDir, dataset.summary.id, [dataset[set].pictures[place] ?? -1])
          : [`picture ${place}`]
      const what =
        set === 'train' ? 'the next picture of its class took its place' : 'it is left out of the test figure'
      send({ type: 'log', level: 'warn', text: `Could not read ${name} (${reason}): ${what}` })
    },
    sum() {
      const [train, test] = [seen.train.size, seen.test.size]
      if (train + test === summed) return
      summed = train + test
      // Without some of its pictures, the test is not the benchmark's any more.
      const judged = test > 0 ? { benchmark: false, benchmarkTest: null } : {}
      send({ type: 'data', data: { ...dataset.summary, ...judged, unread: { train, test } } })
    },
  }
}
