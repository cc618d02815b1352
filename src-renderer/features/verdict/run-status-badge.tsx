import { Pause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import type { InterruptionCause } from '../../../src-main/shared/saved-state.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { runProgress, waitsToGoOn } from '../../stores/runs-store.ts'
import { Badge } from '../../ui/badge.tsx'
import { OutcomeBadge } from './run-verdict-scale.tsx'

/** Why the run broke off, where it waits to go on: no failure for good, and no wish of its user. */
function causeOfBreak(run: RunSummary): InterruptionCause | null {
  if (run.interruption === null || run.status === 'paused' || !waitsToGoOn(run)) return null
  // Of a failure nothing more is known than that.
  return run.interruption.cause === 'failed' ? null : run.interruption.cause
}

/** Where a run stands: its state while it goes on, its verdict when it is over. */
export function RunStatusBadge({ run }: { run: RunSummary }) {
  const { t } = useTranslation(['sharedWords', 'frame'])
  const numbers = useNumbers()
  const cause = causeOfBreak(run)
  if (cause) {
    return (
      <Badge tone="warn" wraps>
        {t('status.brokenOff', { cause: t(`frame:cause.${cause}`) })}
      </Badge>
    )
  }
  switch (run.status) {
    case 'queued':
      return <Badge tone="waiting">{t('status.queued')}</Badge>
    case 'running': {
      const progress = runProgress(run)
      const words =
        progress === null ? t('status.starting') : t('status.running', { progress: numbers.progress(progress) })
      return <Badge tone="live">{words}</Badge>
    }
    case 'pausing':
      return <Badge tone="live">{t('status.pausing')}</Badge>
    case 'paused':
      return (
        <Badge tone="waiting" icon={<Pause size={13} strokeWidth={2.25} aria-hidden />}>
          {t('status.paused')}
        </Badge>
      )
    case 'stopping':
      return <Badge tone="live">{t('status.stopping')}</Badge>
    case 'failed':
      return <Badge tone="danger">{t('status.failed')}</Badge>
    case 'stopped':
      return run.verdict && run.verdict.mean !== null ? (
        <OutcomeBadge verdict={run.verdict} />
      ) : (
        <Badge tone="muted">{t('status.stopped')}</Badge>
      )
    case 'finished':
      return run.verdict ? <OutcomeBadge verdict={run.verdict} /> : <Badge tone="ok">{t('status.finished')}</Badge>
  }
}
