import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import type { Verdict } from '../../../src-main/shared/verdict.ts'
import { useOutcomeWords, useVerdictLabel } from '../../charts/verdict-label.ts'
import { VerdictScale } from '../../charts/verdict-scale.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { VerdictBadge } from '../../ui/badge.tsx'

/** A verdict on the small scale, with its spoken form. */
export function VerdictOnScale({ verdict, provisional }: { verdict: Verdict; provisional?: boolean }) {
  const spoken = useVerdictLabel()
  return (
    <VerdictScale
      outcome={provisional ? 'inconclusive' : verdict.outcome}
      label={spoken(verdict)}
      provisional={provisional}
      paper={verdict.paper}
      tolerance={verdict.tolerance}
      mean={verdict.mean}
      half={verdict.half}
      seeds={verdict.values}
    />
  )
}

/** The scale of a run: its verdict, or while it goes on the seeds so far; the empty band when it has no figure. */
export function RunVerdictScale({ run, paper, tolerance }: { run: RunSummary; paper: number; tolerance: number }) {
  const { t } = useTranslation()
  const numbers = useNumbers()
  const over = run.status === 'finished' || run.status === 'stopped'
  if (run.verdict && over) return <VerdictOnScale verdict={run.verdict} />
  const seeds = run.seeds.flatMap(({ seed, top1 }) => (top1 === null ? [] : [{ seed, value: top1 }]))
  const words = { paper: numbers.percentValue(paper), tolerance: numbers.percentValue(tolerance) }
  return (
    <VerdictScale
      outcome="inconclusive"
      provisional
      label={t('scale.empty', words)}
      paper={paper}
      tolerance={tolerance}
      mean={null}
      half={null}
      seeds={seeds}
    />
  )
}

/** The outcome in words. A figure reached with other settings is never plainly "reproduced". */
export function OutcomeBadge({ verdict }: { verdict: Verdict }) {
  const words = useOutcomeWords()
  return (
    <VerdictBadge outcome={verdict.outcome} wraps={verdict.testByCounts === true}>
      {words(verdict)}
    </VerdictBadge>
  )
}
