// Where a run stands still, what is saved and what will be repeated, in words.
import { CircleCheck, CircleDashed } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail, RunSummary } from '../../../src-main/shared/api.ts'
import type { Interruption } from '../../../src-main/shared/saved-state.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { joinSentences } from '../../i18n/join-sentences.ts'
import styles from './certificate.module.css'
import { CertificateLine } from './certificate-line.tsx'
import { isRest } from './interruption-causes.ts'
import { epochInWork, savedState } from './run-facts.ts'

/** One paragraph: seed, time, epoch and step; then what is saved and what is repeated. */
export function useInterruptionText() {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  return (run: Pick<RunSummary, 'seeds' | 'keepsDevice'>, interruption: Interruption): string => {
    const { cause, at, seed, step, epoch, saved, repeatedSeconds } = interruption
    const paused = isRest(cause) ? 'yes' : 'no'
    const time = numbers.clock(at)
    if (seed === null || step === 0) return t('broken.beforeFirst', { paused, time })
    const where = t('broken.where', {
      of: run.seeds.length,
      seed,
      paused,
      time,
      epoch: epochInWork(epoch),
      step: numbers.count(step),
    })
    const rest =
      saved === null
        ? t('broken.beginsAnew', { seconds: numbers.duration(repeatedSeconds) })
        : saved.step >= step
          ? t(run.keepsDevice ? 'broken.keepsDevice' : 'broken.nothingLost')
          : t('broken.repeated', {
              step: numbers.count(saved.step),
              time: numbers.clock(saved.savedAt),
              seconds: numbers.duration(repeatedSeconds),
            })
    return joinSentences([where, rest], numbers.language)
  }
}

/** Lines of a list of facts: the saved state, the resume test, and the seeds that are safe. */
export function useInterruptionFacts(run: RunDetail, interruption: Interruption): [name: string, value: ReactNode][] {
  const { t } = useTranslation(['run', 'sharedWords'])
  const numbers = useNumbers()
  const state = interruption.seed === null ? null : savedState(run, interruption.seed)
  const finished = run.seeds.filter(({ result }) => result !== null)
  const list = finished
    .map(({ seed, result }) => t('run:broken.seedKept', { seed, figure: numbers.percent(result?.last.top1) }))
    .join(t('sharedWords:listSeparator'))
  return [
    [
      t('run:broken.saved'),
      <span key="saved" className={styles.line} data-sound={state !== null}>
        {state ? <CircleCheck size={14} aria-hidden /> : <CircleDashed size={14} aria-hidden />}
        <span>
          {state
            ? t('run:broken.savedText', { step: numbers.count(state.step), size: numbers.bytes(state.bytes) })
            : t('run:broken.savedNone')}
        </span>
      </span>,
    ],
    [t('run:broken.resumeTest'), <CertificateLine key="test" certificate={run.certificate} />],
    ...(finished.length > 0
      ? ([[t('run:broken.seedsKept', { count: finished.length }), t('run:broken.kept', { list })]] as [
          string,
          string,
        ][])
      : []),
  ]
}
