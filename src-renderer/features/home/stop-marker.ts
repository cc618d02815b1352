// Where a run that was broken off stands on the accuracy preview of Home. Pure.
import type { RunDetail } from '../../../src-main/shared/api.ts'
import type { Interruption } from '../../../src-main/shared/saved-state.ts'

/** Values of the seed that was broken off, and shares of its whole length: of the curve, and of the place where it stopped. */
export interface StoppedCurve {
  values: number[]
  /** Of the last value, 0 to 1. */
  width: number
  /** Of the step where it stopped, 0 to 1. */
  stop: number
  totalSteps: number
}

/** The curve of the interrupted seed, empty before its first evaluation; null where its length is not known. */
export function stoppedCurve(
  { epochs, seeds }: Pick<RunDetail, 'epochs' | 'seeds'>,
  { seed, step }: Interruption,
): StoppedCurve | null {
  const totalSteps = seeds.find((one) => one.seed === seed)?.totalSteps ?? 0
  const own = epochs.filter((one) => one.seed === seed).sort((a, b) => a.step - b.step)
  if (totalSteps === 0) return null
  return {
    values: own.map(({ testTop1 }) => testTop1),
    width: (own.at(-1)?.step ?? 0) / totalSteps,
    stop: Math.min(1, step / totalSteps),
    totalSteps,
  }
}
