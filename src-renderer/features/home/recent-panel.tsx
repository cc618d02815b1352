import { CircleCheck, CirclePause, CircleStop, Clock, Database, Moon, OctagonAlert, Power, ZapOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { HostNotice, RunSummary } from '../../../src-main/shared/api.ts'
import { useOutcomeWords } from '../../charts/verdict-label.ts'
import { errorWords } from '../../frame/error-words.ts'
import { useLanguage, useNumbers } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { Panel } from '../../ui/panel.tsx'
import { finishedSeeds, runFigure } from '../runs/run-list.ts'
import styles from './home.module.css'
import { lastVisit } from './last-visit.ts'
import { noticeEvents, type RunEvent, recentEvents, runEvents } from './run-events.ts'

const mostEvents = 5

const icons = {
  reached: <CircleCheck size={16} className={styles.ok} aria-hidden />,
  finished: <CircleCheck size={16} className={styles.over} aria-hidden />,
  failed: <OctagonAlert size={16} className={styles.danger} aria-hidden />,
  stopped: <CircleStop size={16} className={styles.warn} aria-hidden />,
  interrupted: <CircleStop size={16} className={styles.warn} aria-hidden />,
  paused: <CirclePause size={16} className={styles.over} aria-hidden />,
}

const noticeIcons: Record<HostNotice['kind'], ReactNode> = {
  'engine-back': <Power size={16} className={styles.ok} aria-hidden />,
  'power-loss': <ZapOff size={16} className={styles.warn} aria-hidden />,
  'host-died': <ZapOff size={16} className={styles.warn} aria-hidden />,
  slept: <Moon size={16} className={styles.over} aria-hidden />,
  'clock-jumped': <Clock size={16} className={styles.over} aria-hidden />,
  'history-unwritable': <Database size={16} className={styles.danger} aria-hidden />,
  'history-recovered': <Database size={16} className={styles.ok} aria-hidden />,
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
      : kind === 'stopped' || kind === 'interrupted' || kind === 'paused'
        ? t(`home:${kind}Title`, { name })
        : mean === null
          ? t('home:finishedNoFigure', { name })
          : t('home:finishedAt', { name, figure: numbers.meanStd(mean, std) })
  const stop = kind === 'interrupted' || kind === 'paused' ? run.interruption : null
  const detail = stop
    ? t('home:interruptedText', {
        reason: t(`home:reason.${stop.cause}`),
        seed: stop.seed ?? run.seeds[0]?.seed ?? 1,
        step: numbers.count(stop.step),
      })
    : run.error
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

/** How a figure of a notice is written; texts stay as they are, and what a notice does not tell counts as none. */
function noticeValues({ values }: HostNotice, numbers: ReturnType<typeof useNumbers>) {
  const seconds = typeof values.seconds === 'number' ? numbers.duration(Math.abs(values.seconds)) : ''
  return { runs: 0, checkpoints: 0, damaged: 0, held: 'no', reason: '', ...values, seconds }
}

function NoticeLine({ notice }: { notice: HostNotice }) {
  const { t } = useTranslation('home')
  const numbers = useNumbers()
  const values = noticeValues(notice, numbers)
  return (
    <div className={styles.event}>
      {noticeIcons[notice.kind]}
      <div className={styles.eventWords}>
        <div className={styles.eventTitle}>{t(`notice.${notice.kind}.title`)}</div>
        <div className={styles.eventText}>{t(`notice.${notice.kind}.text`, values)}</div>
      </div>
      <span className={styles.eventTime}>{numbers.clock(notice.at)}</span>
    </div>
  )
}

/** What ended or happened since the last visit, or lately. */
export function RecentPanel({ runs }: { runs: readonly RunSummary[] }) {
  const { t } = useTranslation('home')
  const numbers = useNumbers()
  const notices = useEngineStore((state) => state.notices)
  const all = [...runEvents(runs), ...noticeEvents(notices)]
  const { events, sinceVisit } = recentEvents(all, lastVisit, mostEvents)
  return (
    <Panel
      title={t(sinceVisit ? 'sinceYouLeft' : 'lately')}
      note={sinceVisit && lastVisit !== null ? numbers.clock(lastVisit) : undefined}
    >
      {events.length === 0 && (
        <span className={styles.dim}>
          {t('nothingNew')} {t('nothingNewText')}
        </span>
      )}
      {events.map((event) =>
        event.kind === 'notice' ? (
          <NoticeLine key={event.id} notice={event.notice} />
        ) : (
          <EventLine key={event.id} event={event} />
        ),
      )}
    </Panel>
  )
}
