// Why a run stands still: what happened, where, what is saved, what to do, and of a failure the last lines it wrote.
import {
  CircleStop,
  Copy,
  Cpu,
  OctagonAlert,
  Pause,
  Power,
  Repeat2,
  ShieldAlert,
  TriangleAlert,
  ZapOff,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogLine, RunDetail } from '../../../src-main/shared/api.ts'
import type { ErrorReport } from '../../../src-main/shared/errors.ts'
import type { Interruption, InterruptionCause } from '../../../src-main/shared/saved-state.ts'
import { copyReport } from '../../frame/error-report-banner.tsx'
import { errorWords } from '../../frame/error-words.ts'
import { useLanguage } from '../../i18n/i18n.ts'
import { joinSentences } from '../../i18n/join-sentences.ts'
import { routePath } from '../../router/routes.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { KeyValues } from '../../ui/panel.tsx'
import { isFromOutside, isRest } from './interruption-causes.ts'
import { useInterruptionFacts, useInterruptionText } from './interruption-words.tsx'
import { logTime } from './log-lines.ts'
import { againAddress, pauseRun, stopHere } from './run-actions.ts'
import { brokenOff } from './run-facts.ts'
import styles from './run-screen.module.css'
import { TroubleHelp } from './trouble-help.tsx'

const shownLines = 20

interface InterruptionPanelProps {
  run: RunDetail
  /** Lines whose end is shown; none where the console is no part of the view. */
  log: readonly LogLine[]
}

const tones: Record<InterruptionCause, 'plain' | 'warn' | 'danger'> = {
  paused: 'plain',
  guard: 'warn',
  stopped: 'plain',
  closed: 'warn',
  'host-died': 'warn',
  'power-loss': 'warn',
  'worker-died': 'warn',
  'out-of-memory': 'danger',
  'not-finite': 'danger',
  'disk-full': 'danger',
  failed: 'danger',
}

/** The sign of a cause; the words beside it say the same. */
export function causeIcon(cause: InterruptionCause): ReactNode {
  const icons: Partial<Record<InterruptionCause, typeof Power>> = {
    paused: Pause,
    guard: ShieldAlert,
    stopped: CircleStop,
    closed: Power,
    'host-died': ZapOff,
    'power-loss': ZapOff,
    'worker-died': TriangleAlert,
  }
  const Icon = icons[cause] ?? OctagonAlert
  return <Icon size={16} aria-hidden />
}

export function InterruptionPanel({ run, log }: InterruptionPanelProps) {
  const interruption = brokenOff(run)
  const failed = run.status === 'failed' && run.error !== null && !(interruption && isFromOutside(interruption.cause))
  return (
    <div className={styles.failure}>
      {interruption ? (
        <Interrupted run={run} interruption={interruption} />
      ) : (
        run.error && <FailedForGood run={run} error={run.error} />
      )}
      {failed && log.length > 0 && <LastLines run={run} log={log} />}
    </div>
  )
}

/** What can go on. */
function Interrupted({ run, interruption }: { run: RunDetail; interruption: Interruption }) {
  const { t } = useTranslation('run')
  const text = useInterruptionText()
  const language = useLanguage()
  const facts = useInterruptionFacts(run, interruption)
  const { cause } = interruption
  const error = useErrorText(run.error, cause)
  // A paused run has its Stop menu in the head, and one that was stopped has stopped.
  const words = joinSentences([text(run, interruption), error ?? ''], language)
  /** The user wanted it so, and needs no more than a line. */
  const short = isRest(cause) || cause === 'stopped'
  const stoppable = run.status !== 'paused' && cause !== 'stopped'
  return (
    <section className={styles.broken} data-tone={tones[cause]} aria-label={t(`broken.title.${cause}`)}>
      <div className={styles.brokenHead}>
        {causeIcon(cause)}
        <h2>{t(`broken.title.${cause}`)}</h2>
        <p className={styles.beside}>{short && words}</p>
        {run.keepsDevice && (
          <Button size="small" icon={<Cpu size={14} />} onClick={() => void pauseRun(run, false)}>
            {t('broken.freeDevice')}
          </Button>
        )}
        {stoppable && (
          <Button size="small" title={t('broken.stopHereHint')} onClick={() => void stopHere(run)}>
            {t('broken.stopHere')}
          </Button>
        )}
        {run.error && !isFromOutside(cause) && <CopyReport error={run.error} />}
      </div>
      {!short && <p>{words}</p>}
      {!short && (
        <div className={styles.brokenBody}>
          <KeyValues entries={facts} />
          <TroubleHelp run={run} interruption={interruption} />
        </div>
      )}
    </section>
  )
}

/** The error in the reader's language: what, expected, found, what to do; what happened alone where the help tells the rest. */
function useErrorText(error: ErrorReport | null, cause: InterruptionCause): string | null {
  const { t } = useTranslation('run')
  const language = useLanguage()
  if (cause === 'worker-died') return t('broken.workerDied')
  if (!error || isFromOutside(cause)) return null
  const { message, lines } = errorWords(error, language)
  return cause === 'not-finite' ? message : joinSentences([message, ...lines], language)
}

function CopyReport({ error }: { error: ErrorReport }) {
  const { t } = useTranslation(['run', 'sharedWords'])
  return (
    <Button
      size="small"
      variant="ghost"
      icon={<Copy size={14} />}
      onClick={() => void copyReport(error, t('sharedWords:reportCopied'))}
    >
      {t('failed.copy')}
    </Button>
  )
}

/** What cannot go on: runs without a saved state of this kind. */
function FailedForGood({ run, error }: { run: RunDetail; error: ErrorReport }) {
  const { t } = useTranslation('run')
  const { message, lines } = errorWords(error, useLanguage())
  return (
    <Note
      tone={run.status === 'failed' ? 'danger' : 'warn'}
      title={message}
      actions={
        <>
          <ButtonLink size="small" href={againAddress(run)} icon={<Repeat2 size={14} />}>
            {t('runAgain')}
          </ButtonLink>
          <CopyReport error={error} />
        </>
      }
    >
      {lines.join(' ')}
    </Note>
  )
}

function LastLines({ run, log }: InterruptionPanelProps) {
  const { t } = useTranslation('run')
  // The newest line says most, so the list starts at its end.
  const toEnd = (node: HTMLPreElement | null) => {
    if (node) node.scrollTop = node.scrollHeight
  }
  return (
    <section className={styles.lastLines}>
      <div className={styles.sideHead}>
        <h2>{t('failed.lastLines')}</h2>
        <a className={styles.small} href={routePath({ view: 'run', runId: run.id, tab: 'console' })}>
          {t('failed.allLines')}
        </a>
      </div>
      <pre ref={toEnd}>
        {log
          .slice(-shownLines)
          .map(({ at, text }) => `${logTime(at)}  ${text}`)
          .join('\n')}
      </pre>
    </section>
  )
}
