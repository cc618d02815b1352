import { useTranslation } from 'react-i18next'
import type { DatasetSummary } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { Badge } from '../../ui/badge.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import styles from './datasets.module.css'

/** The state of a data set: a badge, or the bar while it arrives. */
export function DatasetState({ dataset }: { dataset: DatasetSummary }) {
  const { t } = useTranslation('datasets')
  const numbers = useNumbers()
  if (dataset.status === 'ready') return <Badge tone="ok">{t('states.ready')}</Badge>
  if (dataset.status === 'failed') return <Badge tone="danger">{t('states.failed')}</Badge>
  if (dataset.status === 'absent') return <Badge tone="muted">{t('states.absent')}</Badge>
  const { progress } = dataset
  const known = progress !== null && progress.totalBytes > 0
  const reading = dataset.source === 'user'
  const done = known ? numbers.bytesOf(progress.doneBytes, progress.totalBytes) : ''
  const state = t(reading ? 'states.reading' : 'states.fetching')
  return (
    <div className={styles.progress}>
      <span>{known && !reading ? `${state} ${done}` : state}</span>
      <ProgressBar
        value={known ? progress.doneBytes / progress.totalBytes : null}
        label={dataset.label}
        text={t('progressText', { name: dataset.label, done: done || state })}
      />
    </div>
  )
}
