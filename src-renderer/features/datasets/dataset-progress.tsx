import { useTranslation } from 'react-i18next'
import type { DatasetSummary } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { Badge } from '../../ui/badge.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import styles from './datasets.module.css'

/** How far a fetch or preparation is, in words: done of all, then rate and time left where they are known. */
export function useProgressWords(dataset: DatasetSummary): { state: string; done: string; pace: string } {
  const { t } = useTranslation(['datasets', 'sharedWords'])
  const numbers = useNumbers()
  const { progress } = dataset
  const state = t(dataset.source === 'user' ? 'datasets:states.reading' : 'datasets:states.fetching')
  if (!progress) return { state, done: '', pace: '' }
  const { done, total, unit, perSecond, secondsLeft } = progress
  const amount = unit === 'bytes' ? numbers.bytes(done) : numbers.count(done)
  const amountOf =
    unit === 'bytes'
      ? numbers.bytesOf(done, total)
      : t('datasets:doneOf', { done: numbers.count(done), total: numbers.count(total) })
  const rate =
    unit === 'bytes' ? numbers.bytes(perSecond) : t('datasets:pictureRate', { rate: numbers.speed(perSecond) })
  const pace = [
    ...(perSecond === null ? [] : [unit === 'bytes' ? t('datasets:byteRate', { rate }) : rate]),
    ...(secondsLeft === null ? [] : [t('sharedWords:timeLeft', { time: numbers.duration(secondsLeft) })]),
  ]
  return { state, done: total > 0 ? amountOf : amount, pace: pace.join(t('sharedWords:listSeparator')) }
}

/** A bar with its words under it while a data set arrives. */
export function ArrivalBar({ dataset }: { dataset: DatasetSummary }) {
  const { t } = useTranslation('datasets')
  const { state, done, pace } = useProgressWords(dataset)
  const total = dataset.progress?.total ?? 0
  return (
    <div className={styles.progress}>
      <span>{[state, done].filter(Boolean).join(' ')}</span>
      <ProgressBar
        value={total > 0 ? (dataset.progress?.done ?? 0) / total : null}
        label={dataset.label}
        text={t('progressText', { name: dataset.label, done: done || state })}
      />
      {pace && <span>{pace}</span>}
    </div>
  )
}

/** The state of a data set: a badge, or the bar while it arrives. A ready one shows what its check found. */
export function DatasetState({ dataset }: { dataset: DatasetSummary }) {
  const { t } = useTranslation('datasets')
  const { status, health } = dataset
  if (status === 'fetching') return <ArrivalBar dataset={dataset} />
  if (status === 'failed') return <Badge tone="danger">{t('states.failed')}</Badge>
  if (status === 'absent') return <Badge tone="muted">{t('states.absent')}</Badge>
  if (health && health.problems > 0) return <Badge tone="danger">{t('problems', { count: health.problems })}</Badge>
  if (health && health.warnings > 0) return <Badge tone="warn">{t('warnings', { count: health.warnings })}</Badge>
  return <Badge tone="ok">{t(health ? 'states.healthy' : 'states.ready')}</Badge>
}
