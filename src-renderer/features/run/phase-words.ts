// The words of what a worker is doing, with counts where it gives them.
import type { LiveState } from '../../../src-main/shared/api.ts'
import type { run } from '../../i18n/en/run.ts'
import type { Numbers } from '../../i18n/numbers.ts'

export interface PhaseWords {
  key: keyof (typeof run)['phase']
  values: Record<string, string | number>
  /** 0 to 1, or null when the end is not known. */
  share: number | null
}

/** No data set has so many pictures, no download so few bytes. */
const fewestBytes = 1_000_000

/** True before the first step of a seed, when figures would stand still without a word. */
export function isPreparing(live: Pick<LiveState, 'phase' | 'step'>): boolean {
  return live.step === 0 && live.phase !== 'training'
}

/** Words for the phase of a live run. Counts of a million and more are bytes of a download. */
export function phaseWords(live: Pick<LiveState, 'phase' | 'done' | 'total'>, numbers: Numbers): PhaseWords {
  const { phase, done, total } = live
  if (done === null || total === null || total <= 0) return { key: phase, values: {}, share: null }
  const share = Math.min(1, done / total)
  const inBytes = total >= fewestBytes
  const values = inBytes
    ? { done: numbers.bytes(done), total: numbers.bytes(total) }
    : { done: numbers.count(done), total: numbers.count(total) }
  if (phase === 'libraries') return { key: 'installing', values, share }
  if (phase === 'data') return { key: inBytes ? 'fetching' : 'dataPictures', values, share }
  if (phase === 'evaluating') return { key: 'evaluatingCount', values, share }
  return { key: phase, values: {}, share }
}
