// Kinds of reasons for which runs stand still. Pure.
import type { InterruptionCause } from '../../../src-main/shared/saved-state.ts'

/** The run was paused on purpose, by its user or by a guard. */
export function isRest(cause: InterruptionCause): boolean {
  return cause === 'paused' || cause === 'guard'
}

/** Something outside of the training ended it: no failure of the run, and no error of its own tells more. */
export function isFromOutside(cause: InterruptionCause): boolean {
  return cause === 'closed' || cause === 'host-died' || cause === 'power-loss'
}
