// The card at the top of a verdict: the figure against the paper's, the scale, and every seed.
import { Ban, CircleCheck, CircleHelp, CircleX, Clock, TrendingUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import type { Verdict, VerdictOutcome } from '../../../src-main/shared/verdict.ts'
import { useOutcomeWords, useVerdictLabel } from '../../charts/verdict-label.ts'
import { VerdictScaleCard } from '../../charts/verdict-scale.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { HeadCell, NumberCell, Table } from '../../ui/table.tsx'
import { seedsToGo } from './run-facts.ts'
import styles from './verdict-tab.module.css'

interface VerdictCardProps {
  run: RunDetail
  /** Null while the run goes on. */
  verdict: Verdict | null
  values: readonly { seed: number; value: number }[]
}

const icons: Record<VerdictOutcome, typeof Ban> = {
  reproduced: CircleCheck,
  better: TrendingUp,
  'not-reproduced': CircleX,
  inconclusive: CircleHelp,
  'no-verdict': Ban,
}

const meanOf = (values: VerdictCardProps['values']) =>
  values.length === 0 ? null : values.reduce((sum, { value }) => sum + value, 0) / values.length

export function VerdictCard(props: VerdictCardProps) {
  return (
    <section className={styles.card}>
      <Figure {...props} />
      <Scale {...props} />
      <Seeds {...props} />
    </section>
  )
}

function Figure({ run, verdict, values }: VerdictCardProps) {
  const { t } = useTranslation(['run', 'sharedWords'])
  const numbers = useNumbers()
  const { figure } = run.recipe.paper
  const { tolerance } = run.config.verdict
  const mean = verdict ? verdict.mean : meanOf(values)
  const std = verdict?.std ?? null
  const toGo = seedsToGo(run)
  const left = run.live?.allSecondsLeft ?? run.secondsLeft
  return (
    <div className={styles.figurePart} data-outcome={verdict?.outcome ?? 'pending'}>
      <div className={styles.outcome}>{verdict ? <Outcome verdict={verdict} /> : <Pending />}</div>
      <div className={styles.bigFigure}>
        <span>{numbers.percentValue(mean)}</span>
        <small>{std === null ? '%' : `${numbers.tolerance(std)}\u00a0%`}</small>
      </div>
      <span className={styles.quiet}>
        {verdict && values.length > 0
          ? t('verdict.meanOf', { seeds: values.length })
          : t('verdict.soFar', { seeds: values.length })}
      </span>
      {!verdict && toGo > 0 && (
        <span className={styles.quiet}>
          {left === null
            ? t('verdict.pendingSeeds', { count: toGo })
            : t('verdict.pendingTime', { count: toGo, time: numbers.duration(left) })}
        </span>
      )}
      <dl className={styles.against}>
        <div>
          <dt>{t('verdict.paper')}</dt>
          <dd>{numbers.percent(figure)}</dd>
        </div>
        <div>
          <dt>{t('verdict.difference')}</dt>
          <dd className={styles.difference}>{numbers.difference(mean === null ? null : mean - figure)}</dd>
        </div>
        <div>
          <dt>{t('verdict.tolerance')}</dt>
          <dd>{numbers.difference(tolerance).replace('+', '±\u00a0')}</dd>
        </div>
      </dl>
    </div>
  )
}

function Outcome({ verdict }: { verdict: Verdict }) {
  const words = useOutcomeWords()
  const Icon = icons[verdict.outcome]
  return (
    <>
      <Icon size={16} aria-hidden />
      {words(verdict)}
    </>
  )
}

function Pending() {
  const { t } = useTranslation('run')
  return (
    <>
      <Clock size={16} aria-hidden />
      {t('verdict.pending')}
    </>
  )
}

/** Half of the 95 % interval of the paper's own figure, for those that give spread and seeds; 1.96 for many seeds. */
function paperHalf({ std, seeds }: RunDetail['recipe']['paper']): number | null {
  return std === null || seeds === null || seeds < 30 ? null : (1.96 * std) / Math.sqrt(seeds)
}

function Scale({ run, verdict, values }: VerdictCardProps) {
  const { t } = useTranslation(['run', 'charts', 'sharedWords'])
  const numbers = useNumbers()
  const spoken = useVerdictLabel()
  const { figure } = run.recipe.paper
  const { tolerance } = run.config.verdict
  const words = {
    paper: t('charts:paperFigure', { figure: numbers.percentValue(figure) }),
    mean: t(values.length > 1 ? 'charts:scale.mean' : 'charts:scale.seedFigure', {
      figure: numbers.percentValue(verdict?.mean),
    }),
    interval: t('charts:scale.interval'),
    seeds: values.length === 0 ? '' : t('charts:scale.seeds', { count: values.length }),
    below: t('charts:scale.below'),
    inside: t('charts:scale.inside'),
    above: t('charts:scale.above'),
    formatTick: (value: number) => numbers.percentValue(value, tolerance < 0.002 ? 2 : 1),
  }
  return (
    <div className={styles.scalePart}>
      <div className={styles.partHead}>
        <h2>{t('verdict.title')}</h2>
        <span className={styles.quiet}>{t('verdict.unit')}</span>
      </div>
      <VerdictScaleCard
        outcome={verdict?.outcome ?? 'inconclusive'}
        label={
          verdict
            ? spoken(verdict)
            : t('sharedWords:scale.empty', {
                paper: numbers.percentValue(figure),
                tolerance: numbers.percentValue(tolerance),
              })
        }
        provisional={verdict === null}
        paper={figure}
        tolerance={tolerance}
        mean={verdict?.mean ?? null}
        half={verdict?.half ?? null}
        seeds={values}
        paperHalf={paperHalf(run.recipe.paper)}
        words={words}
      />
      <span className={styles.quiet}>
        {t(run.config.evaluation.checkpoint === 'best' ? 'verdict.judgedBest' : 'verdict.judgedLast')}
      </span>
    </div>
  )
}

function Seeds({ run }: VerdictCardProps) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const judged = run.config.evaluation.checkpoint
  const head = (kind: 'last' | 'best') => (
    <HeadCell number>
      {t(`verdict.${kind}`)}
      {judged === kind && <span className={styles.judged}>{t('verdict.judged')}</span>}
    </HeadCell>
  )
  return (
    <div className={styles.seedsPart}>
      <h2>{t('verdict.seeds')}</h2>
      <div className={styles.seedRows}>
        <Table dense openEnd stickyHead>
          <thead>
            <tr>
              <HeadCell>{t('verdict.seed')}</HeadCell>
              {head('last')}
              {head('best')}
              <HeadCell number>{t('verdict.time')}</HeadCell>
            </tr>
          </thead>
          <tbody>
            {run.seeds.map(({ seed, status, result }) => (
              <tr key={seed}>
                <td className={styles.seedName}>{t('seed.name', { seed })}</td>
                {(['last', 'best'] as const).map((kind) => (
                  <NumberCell
                    key={kind}
                    raw={String(result?.[kind].top1 ?? '')}
                    className={kind === judged ? styles.judgedFigure : styles.dim}
                  >
                    {numbers.percent(result?.[kind].top1)}
                  </NumberCell>
                ))}
                <NumberCell className={styles.dim}>
                  {result?.stopped
                    ? t('verdict.early')
                    : result
                      ? numbers.duration(result.trainSeconds)
                      : status === 'queued'
                        ? t('seed.queued')
                        : '–'}
                </NumberCell>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </div>
  )
}
