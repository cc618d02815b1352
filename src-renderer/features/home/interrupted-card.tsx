// The run that was broken off last: why and where, what is safe, its curve up to there, and how to go on.
import { useTranslation } from 'react-i18next'
import type { RunDetail, RunSummary } from '../../../src-main/shared/api.ts'
import type { Interruption } from '../../../src-main/shared/saved-state.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { KeyValues } from '../../ui/panel.tsx'
import { isRest } from '../run/interruption-causes.ts'
import { causeIcon } from '../run/interruption-panel.tsx'
import { useInterruptionFacts, useInterruptionText } from '../run/interruption-words.tsx'
import { stopHere } from '../run/run-actions.ts'
import { ResumeButton } from '../run/run-controls.tsx'
import { useRunView } from '../run/use-run-view.ts'
import { AccuracyPreview } from './accuracy-preview.tsx'
import styles from './home.module.css'
import { stoppedCurve } from './stop-marker.ts'

interface InterruptedCardProps {
  run: RunSummary
  interruption: Interruption
  /** Runs beside this one that wait to go on. */
  others: number
}

export function InterruptedCard({ run, interruption, others }: InterruptedCardProps) {
  const { t } = useTranslation(['home', 'run'])
  const { detail } = useRunView(run.id)
  const text = useInterruptionText()
  const { cause } = interruption
  return (
    <section className={classNames(styles.card, styles.live, !isRest(cause) && styles.broken)}>
      <div className={styles.cardText}>
        <div className={classNames(styles.cause, isRest(cause) && styles.rest)}>
          {causeIcon(cause)}
          {t(`run:broken.title.${cause}`)}
        </div>
        <div>
          <h2 className={styles.cardTitle}>{run.name}</h2>
          <div className={styles.dim}>{text(run, interruption)}</div>
        </div>
        {detail && <Facts run={detail} interruption={interruption} />}
        <div className={styles.buttons}>
          <ResumeButton run={run} />
          <ButtonLink href={`/runs/${run.id}`}>{t('home:lookFirst')}</ButtonLink>
          <Button variant="ghost" title={t('run:broken.stopHereHint')} onClick={() => void stopHere(run)}>
            {t('run:broken.stopHere')}
          </Button>
        </div>
        {others > 0 && (
          <a className={styles.offline} href="/runs">
            {t('home:moreBroken', { count: others })}
          </a>
        )}
      </div>
      <Chart run={run} detail={detail} interruption={interruption} />
    </section>
  )
}

function Facts({ run, interruption }: { run: RunDetail; interruption: Interruption }) {
  const entries = useInterruptionFacts(run, interruption)
  return <KeyValues entries={entries} />
}

function Chart({
  run,
  detail,
  interruption,
}: {
  run: RunSummary
  detail: RunDetail | null
  interruption: Interruption
}) {
  const { t } = useTranslation(['home', 'run'])
  const numbers = useNumbers()
  const curve = detail && stoppedCurve(detail, interruption)
  const seed = interruption.seed ?? run.seeds[0]?.seed ?? 1
  const paper = detail?.recipe.paper.figure
  return (
    <div className={styles.chartSide}>
      <div className={styles.chartHead}>
        <h3>{t('home:chartTitle', { seed })}</h3>
      </div>
      {!detail || !curve || paper === undefined ? (
        <div className={styles.waiting}>{t('home:chartWaiting')}</div>
      ) : (
        <AccuracyPreview
          values={curve.values}
          width={curve.width}
          paper={paper}
          tolerance={detail.config.verdict.tolerance}
          xLabels={['0', numbers.count(curve.totalSteps)]}
          stop={{
            at: curve.stop,
            quiet: isRest(interruption.cause),
            label: t('home:stoppedAt', {
              reason: t(`home:reason.${interruption.cause}`),
              time: numbers.clock(interruption.at),
            }),
          }}
          summary={t('home:chartSummary', {
            seed,
            figure: numbers.percent(curve.values.at(-1)),
            paper: numbers.percent(paper),
          })}
        />
      )}
    </div>
  )
}
