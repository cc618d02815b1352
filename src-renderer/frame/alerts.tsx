import { useTranslation } from 'react-i18next'
import type { ErrorReport } from '../../src-main/shared/errors.ts'
import { useLanguage, useNumbers } from '../i18n/i18n.ts'
import { useEngineStore } from '../stores/engine-store.ts'
import { useRunsStore } from '../stores/runs-store.ts'
import { ButtonLink } from '../ui/button.tsx'
import { Note } from '../ui/note.tsx'
import { errorWords } from './error-words.ts'
import styles from './top-bar.module.css'

export interface Alert {
  id: string
  title: string
  text: string
  href: string
}

const alertWindow = 3 * 86_400_000

/** What needs the reader: failed runs of the last days, data sets that could not be read, missing libraries. */
export function useAlerts(): Alert[] {
  const { t } = useTranslation('frame')
  const language = useLanguage()
  const numbers = useNumbers()
  const runs = useRunsStore((state) => state.runs)
  const { datasets, machine, recipeProblems, notices } = useEngineStore()
  const words = (report: ErrorReport) => errorWords(report, language)
  const alerts: Alert[] = []
  if (machine && (machine.setup.tensorflow === 'failed' || machine.setup.tensorflow === 'missing')) {
    alerts.push({
      id: 'tensorflow',
      title: t(machine.setup.tensorflow === 'failed' ? 'engine.failed' : 'engine.missing'),
      text: machine.setup.error ? words(machine.setup.error).message : '',
      href: '/settings/compute',
    })
  }
  const history = notices.findLast(({ kind }) => kind === 'history-unwritable' || kind === 'history-recovered')
  if (history?.kind === 'history-unwritable') {
    alerts.push({
      id: 'history',
      title: t('historyUnwritable'),
      text: `${t('historyUnwritableText')} ${numbers.when(history.at)}`,
      href: '/',
    })
  }
  for (const run of runs ?? []) {
    const at = run.finishedAt ?? run.createdAt
    if (run.status !== 'failed' || !run.error || Date.now() - at > alertWindow) continue
    alerts.push({
      id: run.id,
      title: run.name,
      text: `${words(run.error).message} ${numbers.when(at)}`,
      href: `/runs/${run.id}`,
    })
  }
  for (const dataset of datasets ?? []) {
    if (dataset.status !== 'failed' || !dataset.error) continue
    alerts.push({
      id: `dataset ${dataset.id}`,
      title: dataset.label,
      text: words(dataset.error).message,
      href: `/datasets/${encodeURIComponent(dataset.id)}`,
    })
  }
  for (const problem of recipeProblems) {
    alerts.push({
      id: problem.file,
      title: problem.file,
      text: words(problem.error).message,
      href: '/recipes',
    })
  }
  return alerts
}

/** The alerts with where to go for each. */
export function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  const { t } = useTranslation('frame')
  return (
    <div className={styles.alerts}>
      {alerts.length === 0 && <span className={styles.nothing}>{t('noAlerts')}</span>}
      {alerts.map((alert) => (
        <Note
          key={alert.id}
          tone="danger"
          title={alert.title}
          actions={
            <ButtonLink size="small" href={alert.href}>
              {t('look')}
            </ButtonLink>
          }
        >
          {alert.text}
        </Note>
      ))}
    </div>
  )
}
