// A few real steps of the form's settings: asked for, under way, or done and how long ago.
import { Timer } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ProbeResult, ProbeState } from '../../../src-main/shared/probe.ts'
import { attempt } from '../../frame/attempt.ts'
import { errorWords } from '../../frame/error-words.ts'
import { useLanguage, useNumbers } from '../../i18n/i18n.ts'
import { cancelProbe, startProbe } from '../../stores/probes-store.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import styles from './before-start.module.css'
import type { Changes } from './draft.ts'

function ProbeProgress({ state, onCancel }: { state: ProbeState; onCancel: () => void }) {
  const { t } = useTranslation(['newRun', 'sharedWords'])
  const { phase, done, total } = state
  const words = t(`newRun:probe.phase.${phase ?? 'starting'}`, { done, total })
  return (
    <div className={styles.probing}>
      <div className={styles.probeRow}>
        <span role="status">{words}</span>
        <button type="button" className={styles.textButton} onClick={onCancel}>
          {t('sharedWords:cancel')}
        </button>
      </div>
      <ProgressBar value={total > 0 ? done / total : null} label={t('newRun:probe.label')} text={words} />
    </div>
  )
}

/** Why a probe ended without figures. */
export function ProbeFailure({ state }: { state: ProbeState }) {
  const { t } = useTranslation('newRun')
  const language = useLanguage()
  if (state.status !== 'failed' || !state.error) return null
  const { message, lines } = errorWords(state.error, language)
  return (
    <Note tone="danger" title={t('probe.failed')}>
      {[message, ...lines].join(' ')}
    </Note>
  )
}

export interface ProbeLineProps {
  recipeId: string
  changes: Changes
  /** Of these settings in this window. */
  state: ProbeState | undefined
  /** The newest of these settings, from whenever. */
  result: ProbeResult | null
  /** The settings cannot run. */
  disabled: boolean
}

export function ProbeLine({ recipeId, changes, state, result, disabled }: ProbeLineProps) {
  const { t } = useTranslation('newRun')
  const numbers = useNumbers()
  const input = { recipeId, changes: { ...changes } }
  const start = () => void attempt(() => startProbe(input))
  if (state?.status === 'running') {
    return <ProbeProgress state={state} onCancel={() => void attempt(() => cancelProbe(input))} />
  }
  return (
    <div className={styles.probeRow}>
      <Timer size={15} aria-hidden />
      <span>
        {result
          ? t('probe.done', { steps: result.steps, time: numbers.when(result.at) })
          : t(state?.status === 'cancelled' ? 'probe.cancelled' : 'probe.hint')}
      </span>
      {result ? (
        <button type="button" className={styles.textButton} disabled={disabled} onClick={start}>
          {t('probe.repeat')}
        </button>
      ) : (
        <Button size="small" disabled={disabled} onClick={start}>
          {t('probe.measure')}
        </Button>
      )}
    </div>
  )
}
