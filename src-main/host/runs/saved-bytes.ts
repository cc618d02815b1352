// Bytes that the checkpoints of a run take on disk, foreseen from its config.
import { parameterBytes, stateBytes } from '../../shared/memory-forecast.ts'
import type { RunConfig } from '../../shared/run-config.ts'

const bytesPerGigabyte = 1e9
/** The two newest states of a seed that trains stay; of one that has ended, the last. See engine/train/checkpoint-store.ts. */
const statesWhileTraining = 2
/** A file is written beside those that it makes superfluous. */
const beingWritten = 1

/** Of all seeds, at the moment when there are most. @param epochs that one seed trains */
export function checkpointBytes(config: RunConfig, epochs: number): number {
  const { saving, seeds } = config
  const [weights, state] = [parameterBytes(config), stateBytes(config)]
  const kept = saving.every > 0 ? Math.floor(epochs / saving.every) : 0
  const byCount = weights * (saving.keep > 0 ? Math.min(kept, saving.keep) : kept)
  const byEpoch =
    saving.gigabytes > 0 ? Math.min(byCount, Math.max(saving.gigabytes * bytesPerGigabyte, weights)) : byCount
  const ended = state + weights + byEpoch
  // Each state that stays may have a best of its own.
  const training = state * (statesWhileTraining + beingWritten) + weights * statesWhileTraining + byEpoch
  return ended * (seeds.count - 1) + training
}
