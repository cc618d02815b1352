import { CircleCheck, CircleStop, OctagonAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { useOutcomeWords } from '../../charts/verdict-label.ts'
import { errorWords } from '../../frame/error-words.ts'
import { useLanguage, useNumbers } from '../../i18n/i18n.ts'
import { Panel } from '../../ui/panel.tsx'
import { finishedSeeds, runFigure } from '../runs/run-list.ts'
import styles from './home.module.css'
import { lastVisit } from './last-visit.ts'
import { type RunEvent, recentEvents, runEvents } from './run-events.ts'

const icons = {
  reached: <CircleCheck size={16} className={styles.ok} aria-hidden />,
  finished: <CircleCheck size={16} className={styles.over} aria-hidden />,
  failed: <OctagonAlert size={16} className={styles.danger} aria-hidden />,
  stopped: <CircleStop size={16} className={styles.warn} aria-hidden />,
}

/** The paper's figure was reached, or passed. */
function isReached({ verdict }: RunSummary): boolean {
  return verdict?.outcome === 'reproduced' || verdict?.outcome === 'better'
}

function EventLine({ event }: { event: RunEvent }) {
  const { t } = useTranslation(['home', 'sharedWords', 'runs'])
  const numbers = useNumbers()
  const language = useLanguage()
  const outcomeWords = useOutcomeWords()
  const { run, kind } = event
  const { mean, std } = runFigure(run)
  const name = run.name
  const title =
    kind === 'failed'
      ? t('home:failedTitle', { name })
      : kind === 'stopped'
        ? t('home:stoppedTitle', { name })
        : mean === null
          ? t('home:finishedNoFigure', { name })
          : t('home:finishedAt', { name, figure: numbers.meanStd(mean, std) })
  const detail = run.error
    ? errorWords(run.error, language).message
    : [
        ...(run.verdict ? [outcomeWords(run.verdict)] : []),
        `${t('runs:seeds')} ${t('runs:seedsDone', { done: finishedSeeds(run), all: run.seeds.length })}`,
        numbers.duration(run.seconds),
      ].join(' · ')
  return (
    <div className={styles.event}>
      {icons[kind === 'finished' && isReached(run) ? 'reached' : kind]}
      <div className={styles.eventWords}>
        <div className={styles.eventTitle}>
          <a href={`/runs/${run.id}`}>{title}</a>
        </div>
        <div className={styles.eventText}>{detail}</div>
      </div>
      <span className={styles.eventTime}>{numbers.clock(event.at)}</span>
    </div>
  )
}

/** What ended since the last visit, or lately. */
export function RecentPanel({ runs }: { runs: readonly RunSummary[] }) {
  const { t } = useTranslation('home')
  const numbers = useNumbers()
  const { events, sinceVisit } = recentEvents(runEvents(runs), lastVisit, 4)
  return (
    <Panel
      title={t(sinceVisit ? 'sinceYouLeft' : 'lately')}
      note={sinceVisit && lastVisit !== null ? numbers.clock(lastVisit) : undefined}
    >
      {events.length === 0 && <span className={styles.dim}>{t('nothingNew')}</span>}
      {events.map((event) => (
        <EventLine key={event.id} event={event} />
      ))}
    </Panel>
  )
}
