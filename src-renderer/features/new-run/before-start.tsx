// The right side of the form: whether the run can start, what it will cost, and the start itself.
import { ListPlus, Play } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PreflightCheck } from '../../../src-main/shared/api.ts'
import { errorWords } from '../../frame/error-words.ts'
import { keysText } from '../../frame/keys.ts'
import { useLanguage } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { probeSubject, useProbesStore } from '../../stores/probes-store.ts'
import { liveRun, queuedRuns, useRunsStore } from '../../stores/runs-store.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { Checks, type ChecksProps } from './before-checks.tsx'
import styles from './before-start.module.css'
import type { Changes } from './draft.ts'
import { Estimates } from './estimates.tsx'
import { ProbeFailure, ProbeLine } from './probe-line.tsx'
import type { PreflightState } from './use-preflight.ts'

export interface BeforeStartProps extends Omit<ChecksProps, 'preflight'> {
  recipeId: string
  /** The changes that the schema takes. */
  changes: Changes
  state: PreflightState
  seeds: number
  /** Fields that hold no valid value. */
  problems: number
  starting: boolean
  onStart: (first: boolean) => void
  onSweep: () => void
  onCopyCommand: () => void
  onDiscard: (() => void) | null
}

export function BeforeStart(props: BeforeStartProps) {
  const { state, recipeId, changes } = props
  const { t } = useTranslation('newRun')
  const { preflight, refused, checking } = state
  const probing = useProbesStore(({ probes }) => probes[probeSubject({ recipeId, changes })]?.state)
  // What this window has just measured comes before the check that will know it, too.
  const probe = probing?.result ?? (checking ? null : (preflight?.probe ?? null))
  const count = (wanted: PreflightCheck['state']) =>
    (preflight?.checks ?? []).filter((check) => check.state === wanted).length
  const stale = checking || refused !== null
  return (
    <aside className={styles.before} aria-label={t('before')}>
      <div className={styles.beforeBody}>
        <div className={styles.beforeHead}>
          <h2>{t('before')}</h2>
          <span className={styles.quiet} role="status">
            {checking || !preflight
              ? t('checking')
              : t('checkCounts', { pass: count('pass'), note: count('note'), fail: count('fail') })}
          </span>
        </div>
        {refused && <Refusal refused={refused} />}
        {preflight && (
          <div data-stale={stale} className={styles.answers}>
            <Checks {...props} preflight={preflight} />
          </div>
        )}
        {probing && <ProbeFailure state={probing} />}
      </div>
      <StartFoot {...props}>
        {preflight && (
          <div data-stale={stale} className={styles.answers}>
            <Estimates preflight={preflight} probe={probe} seeds={props.seeds} />
          </div>
        )}
        <ProbeLine
          recipeId={recipeId}
          changes={changes}
          state={probing}
          result={probe}
          disabled={preflight === null || refused !== null || props.problems > 0}
        />
      </StartFoot>
    </aside>
  )
}

function Refusal({ refused }: { refused: NonNullable<PreflightState['refused']> }) {
  const { t } = useTranslation('newRun')
  const { message, lines } = errorWords(refused, useLanguage())
  return (
    <Note tone="danger" title={`${t('refused')}.`}>
      {[message, ...lines].join(' ')}
    </Note>
  )
}

function StartFoot(props: BeforeStartProps & { children: ReactNode }) {
  const { state, problems, starting, onStart, onSweep, onCopyCommand, onDiscard } = props
  const { t } = useTranslation('newRun')
  const runs = useRunsStore((store) => store.runs)
  const online = useEngineStore((store) => store.connection === 'online')
  const live = liveRun(runs)
  const queued = queuedRuns(runs)
  const busy = live !== null || queued.length > 0
  const failed = (state.preflight?.checks ?? []).filter((check) => check.state === 'fail')
  const blocked = state.refused !== null || problems > 0 || failed.some((check) => check.blocking) || !online
  const last = queued.at(-1) ?? live
  return (
    <div className={styles.startFoot}>
      {props.children}
      {problems > 0 && <span className={styles.mistakes}>{t('fixFields', { count: problems })}</span>}
      {problems === 0 && busy && last && <span className={styles.quiet}>{t('startsAfter', { run: last.name })}</span>}
      <div className={styles.startButtons}>
        <Button
          variant="primary"
          size="large"
          grow
          icon={busy ? <ListPlus size={14} /> : <Play size={14} />}
          {...(busy ? { title: keysText('Mod+⏎') } : { keys: keysText('Mod+⏎') })}
          busy={starting}
          disabled={blocked}
          onClick={() => onStart(false)}
        >
          {failed.length > 0 ? t('startAnyway') : busy ? t('addToQueue') : t('start')}
        </Button>
        {busy && (
          <Button
            size="large"
            disabled={blocked || starting}
            title={keysText('Mod+Shift+⏎')}
            onClick={() => onStart(true)}
          >
            {t('queueFirst')}
          </Button>
        )}
      </div>
      <div className={styles.footLinks}>
        <button type="button" className={styles.textButton} disabled={blocked} onClick={onSweep}>
          {t('sweep.open')}
        </button>
        <button type="button" className={styles.textButton} onClick={onCopyCommand}>
          {t('copyCommand')}
        </button>
        {onDiscard && (
          <button type="button" className={styles.textButton} onClick={onDiscard}>
            {t('discard')}
          </button>
        )}
      </div>
    </div>
  )
}
