import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RecipeSummary, RunSummary } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { runProgress, seedPlace, useRunsStore } from '../../stores/runs-store.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { RunStatusBadge } from '../verdict/run-status-badge.tsx'
import { AccuracyPreview } from './accuracy-preview.tsx'
import styles from './home.module.css'

function LiveChart({ run, recipe }: { run: RunSummary; recipe: RecipeSummary | undefined }) {
  const { t } = useTranslation('home')
  const numbers = useNumbers()
  // The curve is that of the newest seed with a figure, which is the one before until the seed at work has its first.
  const seed = run.seeds.findLast(({ top1 }) => top1 !== null) ?? run.seeds[0]
  const number = seed?.seed ?? 1
  const figure = recipe?.recipe.paper.figure
  const newest = run.curve.at(-1)
  return (
    <div className={styles.chartSide}>
      <div className={styles.chartHead}>
        <h3>{t('chartTitle', { seed: number })}</h3>
      </div>
      {recipe === undefined || figure === undefined || newest === undefined ? (
        <div className={styles.waiting}>{t('chartWaiting')}</div>
      ) : (
        <AccuracyPreview
          values={run.curve}
          width={seed && seed.totalSteps > 0 ? Math.max(0.04, seed.step / seed.totalSteps) : 1}
          paper={figure}
          tolerance={recipe.recipe.config.verdict.tolerance}
          xLabels={['0', numbers.count(seed?.totalSteps ?? 0)]}
          summary={t('chartSummary', {
            seed: number,
            figure: numbers.percent(newest),
            paper: numbers.percent(figure),
          })}
        />
      )}
    </div>
  )
}

/** The run that trains now: how far it is, what it reached, and its curve against the paper. */
export function LiveCard({ run, recipe }: { run: RunSummary; recipe: RecipeSummary | undefined }) {
  const { t } = useTranslation('home')
  const numbers = useNumbers()
  const live = useRunsStore((state) => state.live[run.id])
  const { at, of } = seedPlace(run)
  const seed = run.seeds.find(({ status }) => status === 'running')
  const left = live?.allSecondsLeft ?? run.secondsLeft
  const steps =
    seed && seed.totalSteps > 0
      ? t('liveSeed', { at, of, step: numbers.count(seed.step), total: numbers.count(seed.totalSteps) })
      : t('liveStarting')
  return (
    <section className={classNames(styles.card, styles.live)}>
      <div className={styles.cardText}>
        <div>
          <RunStatusBadge run={run} />
        </div>
        <div>
          <h2 className={styles.cardTitle}>{run.name}</h2>
          <div className={styles.dim}>{steps}</div>
        </div>
        <ProgressBar value={runProgress(run)} label={run.name} text={steps} />
        <div className={styles.liveFacts}>
          {left !== null && <span>{t('liveLeft', { time: numbers.duration(left) })}</span>}
          {live?.imagesPerSecond != null && (
            <span>{t('liveSpeed', { speed: numbers.speed(live.imagesPerSecond) })}</span>
          )}
          {seed?.top1 != null && <span>{t('liveBest', { figure: numbers.percent(seed.top1) })}</span>}
        </div>
        <div className={styles.buttons}>
          <ButtonLink variant="primary" href={`/runs/${run.id}`} icon={<ArrowRight size={14} />}>
            {t('openRun')}
          </ButtonLink>
        </div>
      </div>
      <LiveChart run={run} recipe={recipe} />
    </section>
  )
}

/** The newest run, when it failed and nothing trains: what happened, and the ways on. */
export function FailedCard({ run, message, lines }: { run: RunSummary; message: string; lines: string[] }) {
  const { t } = useTranslation('home')
  return (
    <section className={classNames(styles.card, styles.failed)} style={{ gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <div className={styles.cardText}>
        <div>
          <RunStatusBadge run={run} />
        </div>
        <div>
          <h2 className={styles.cardTitle}>{run.name}</h2>
          <div>{message}</div>
          <div className={styles.dim}>{lines.join(' ')}</div>
        </div>
        <div className={styles.buttons}>
          <ButtonLink variant="primary" href={`/new-run/${run.recipeId}?from=${run.id}`}>
            {t('runAgain')}
          </ButtonLink>
          <ButtonLink href={`/runs/${run.id}`}>{t('look')}</ButtonLink>
        </div>
      </div>
    </section>
  )
}
