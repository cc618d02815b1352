import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { waitsToGoOn } from '../../stores/runs-store.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { OutcomeBadge, VerdictOnScale } from '../verdict/run-verdict-scale.tsx'
import styles from './home.module.css'
import { runEvents } from './run-events.ts'

/** The last three verdicts on their scales. */
export function VerdictPanel({ runs }: { runs: readonly RunSummary[] }) {
  const { t } = useTranslation(['home', 'sharedWords'])
  const numbers = useNumbers()
  const last = runEvents(runs.filter((run) => !waitsToGoOn(run)))
    .flatMap(({ run, at }) =>
      run.verdict && run.verdict.mean !== null && run.verdict.outcome !== 'no-verdict'
        ? [{ run, verdict: run.verdict, at }]
        : [],
    )
    .slice(0, 3)
  return (
    <Panel
      flush
      title={t('home:lastVerdicts')}
      actions={
        <ButtonLink variant="ghost" size="small" href="/runs">
          {t('home:allRuns')}
          <ArrowRight size={14} aria-hidden />
        </ButtonLink>
      }
    >
      {last.length === 0 ? (
        <div className={styles.none}>{t('home:noVerdicts')}</div>
      ) : (
        <div className={styles.verdicts}>
          {last.map(({ run, verdict, at }) => (
            <a key={run.id} href={`/runs/${run.id}/verdict`} className={styles.verdict}>
              <span className={styles.verdictHead}>
                <span className={styles.verdictName}>{run.name}</span>
                <span className={styles.faint}>{numbers.clock(at)}</span>
              </span>
              <span className={classNames(styles.verdictHead, styles.badgeRow)}>
                <OutcomeBadge verdict={verdict} />
                <span className={styles.verdictFigure}>{numbers.meanStd(verdict.mean, verdict.std)}</span>
              </span>
              <VerdictOnScale verdict={verdict} />
              <span className={styles.verdictPaper}>
                {t('sharedWords:paperWithTolerance', {
                  figure: numbers.percentValue(verdict.paper),
                  tolerance: numbers.tolerance(verdict.tolerance),
                })}
              </span>
            </a>
          ))}
        </div>
      )}
    </Panel>
  )
}
