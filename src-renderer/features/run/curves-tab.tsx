// The charts of a run beside its machine and alerts.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogLine, RunDetail } from '../../../src-main/shared/api.ts'
import { configDifferences } from '../../../src-main/shared/config-fields.ts'
import { axisCount, axisNumber, axisPercent, axisRate, axisTime, timeSteps } from '../../charts/axis-format.ts'
import { ChartPanel } from '../../charts/chart-panel.tsx'
import type { Rest, ScheduleEvent } from '../../charts/curve-marks.ts'
import type { CurveSeries } from '../../charts/curve-series.ts'
import { decidedRange, lossRange } from '../../charts/value-range.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { stepCurves } from '../../stores/run-details-store.ts'
import { setChoice, useChoice } from '../../stores/ui-store.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { LivePanel } from './live-panel.tsx'
import { evaluationsOf, isUnderWay, mainSeed, restsOf, secondsPerStep, stepsPerEpoch, totalSteps } from './run-facts.ts'
import styles from './run-screen.module.css'
import { type AxisUnit, accuracySeries, lossSeries, rateSeries, type SeriesChoice, timesOfSteps } from './run-series.ts'
import { rateTurns } from './schedule-events.ts'
import { type SeedCurves, seedCurves } from './seed-curves.ts'
import { usePlannedRate } from './use-planned-rate.ts'

interface CurvesTabProps {
  run: RunDetail
  log: readonly LogLine[]
  version: number
}

interface ChartProps {
  run: RunDetail
  version: number
  seeds: SeedCurves[]
  choice: SeriesChoice
  xRange: [number, number]
  events: ScheduleEvent[]
  rests: Rest[]
  position: ReturnType<typeof usePosition>
}

const rateKeys = ['schedule.', 'optimizer.lr', 'train.length']

/** How positions on the x axis are written in the chosen unit. */
function usePosition(unit: AxisUnit) {
  const { t } = useTranslation('charts')
  const numbers = useNumbers()
  return useMemo(() => {
    const written = (value: number) =>
      unit === 'time'
        ? numbers.duration(value)
        : unit === 'epoch'
          ? String(Number(value.toFixed(1)))
          : numbers.count(Math.round(value))
    return {
      positionLabel: t(`axis.${unit}`),
      formatX: unit === 'time' ? axisTime : axisCount,
      xSteps: unit === 'time' ? timeSteps : undefined,
      formatPosition: (value: number) => t(`at.${unit}`, { value: written(value) }),
    }
  }, [t, numbers, unit])
}

/** The whole of the x axis: to the planned end while the run goes on, to the last point when it is over. */
function wholeRange(run: RunDetail, seeds: readonly SeedCurves[], unit: AxisUnit): [number, number] {
  const total = totalSteps(run)
  if (unit === 'step') return [0, Math.max(total, 1)]
  if (unit === 'epoch') return [0, Math.max(total / (stepsPerEpoch(run) || Math.max(total, 1)), 1)]
  const longest = Math.max(1, ...seeds.map(({ epochs }) => epochs.time.at(-1) ?? 0))
  const reached = seeds.find(({ seed }) => seed === run.live?.seed)?.epochs.time.at(-1) ?? 0
  return [0, Math.max(longest, reached + (run.live?.seedSecondsLeft ?? 0))]
}

export function CurvesTab({ run, log, version }: CurvesTabProps) {
  const { t } = useTranslation(['charts', 'run'])
  const unit = useChoice<AxisUnit>('chart-axis', 'step')
  const smoothing = useChoice<'on' | 'off'>('chart-smoothing', 'on') === 'on'
  const seed = mainSeed(run)
  const stepSeconds = unit === 'time' ? secondsPerStep(run) : 0
  const seeds = useMemo(() => seedCurves(stepCurves(run.id).seeds(), run.epochs), [run.id, run.epochs, version])
  const choice = useMemo<SeriesChoice>(
    () => ({
      unit,
      seed,
      smoothing,
      secondsPerStep: stepSeconds,
      seedLabel: (number) => t('run:seed.name', { seed: number }),
    }),
    [unit, seed, smoothing, stepSeconds, t],
  )
  const [low, high] = wholeRange(run, seeds, unit)
  const xRange = useMemo<[number, number]>(() => [low, high], [low, high])
  const perEpoch = stepsPerEpoch(run)
  const total = totalSteps(run)
  const step = run.live?.step ?? total
  const events = useMemo(() => {
    if (unit === 'time' || perEpoch === 0) return []
    const turns = rateTurns(run.config, perEpoch, total)
    const next = turns.find((turn) => turn.kind === 'drop' && turn.step > step)
    return turns.map((turn) => ({
      x: unit === 'epoch' ? turn.step / perEpoch : turn.step,
      label:
        turn.kind === 'drop'
          ? t(turn === next ? 'nextDrop' : 'drop', { divisor: turn.divisor })
          : t(turn.kind === 'peak' ? 'peak' : 'warmupEnd'),
    }))
  }, [run.config, perEpoch, total, step, unit, t])
  const shared = {
    run,
    version,
    seeds,
    choice,
    xRange,
    events,
    rests: useRests(run, seeds, choice),
    position: usePosition(unit),
  }
  return (
    <div className={styles.curves}>
      <div className={styles.charts}>
        <AccuracyChart {...shared} />
        <div className={styles.lowerCharts}>
          <LossChart {...shared} />
          <RateChart {...shared} />
        </div>
      </div>
      <LivePanel run={run} log={log} />
    </div>
  )
}

/** Pauses of the seed that is drawn in full; on an axis of time only, since steps and epochs know none. */
function useRests({ alerts }: RunDetail, seeds: readonly SeedCurves[], { unit, seed, secondsPerStep }: SeriesChoice) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  return useMemo<Rest[]>(() => {
    if (unit !== 'time') return []
    const known = seeds.find((one) => one.seed === seed)?.epochs ?? { step: [], time: [] }
    const rests = restsOf(alerts, seed)
    const times = timesOfSteps(
      rests.map(({ step }) => step),
      known,
      secondsPerStep,
    )
    return rests.map(({ seconds }, index) => ({
      x: times[index] ?? 0,
      label: seconds === null ? t('chart.restUnknown') : t('chart.rest', { time: numbers.duration(seconds) }),
    }))
  }, [alerts, seeds, unit, seed, secondsPerStep, t, numbers])
}

function useSmoothing(choice: SeriesChoice) {
  return { on: choice.smoothing, onChange: (on: boolean) => setChoice('chart-smoothing', on ? 'on' : 'off') }
}

/** Words in place of a chart that has no points: why, and when there will be some. */
function useEmptyWords(run: RunDetail, firstFigure: string) {
  const { t } = useTranslation('run')
  return isUnderWay(run) ? firstFigure : t('chart.none')
}

function AccuracyChart({ run, version, seeds, choice, xRange, events, rests, position }: ChartProps) {
  const { t } = useTranslation(['run', 'charts'])
  const numbers = useNumbers()
  const { paper } = run.recipe
  const { tolerance } = run.config.verdict
  const series = useMemo(() => accuracySeries(seeds, choice), [seeds, choice])
  const main = seeds.find(({ seed }) => seed === choice.seed)
  // A seed that has no figure yet is expected where the others are.
  const known = main && main.epochs.top1.length > 0 ? main.epochs.top1 : seeds.flatMap(({ epochs }) => epochs.top1)
  const [low, high] = decidedRange(paper.figure, tolerance, known)
  const yRange = useMemo<[number, number]>(() => [low, high], [low, high])
  const reference = useMemo(() => ({ value: paper.figure, tolerance }), [paper.figure, tolerance])
  const figure = numbers.percentValue(paper.figure)
  const referenceTag = useMemo(
    () => ({
      figure: t('charts:paperFigure', { figure }),
      tolerance: numbers.difference(tolerance).replace('+', '±\u00a0'),
    }),
    [t, figure, numbers, tolerance],
  )
  const { newest, best } = evaluationsOf(run, choice.seed)
  const drawn = series.filter(({ look }) => look === 'main' || look === 'other')
  const empty = useEmptyWords(run, t('chart.firstEpoch', { every: run.config.evaluation.every }))
  const others = drawn.filter(({ look }) => look === 'other')
  return (
    <ChartPanel
      {...position}
      name={`${run.id} top1 ${choice.unit}`}
      title={t('chart.top1')}
      summary={
        newest
          ? t('chart.top1Summary', {
              seeds: drawn.length,
              newest: numbers.percent(newest.testTop1),
              best: numbers.percent(best?.testTop1),
              paper: numbers.percent(paper.figure),
            })
          : t('chart.top1SummaryEmpty', { paper: numbers.percent(paper.figure) })
      }
      series={series}
      version={version}
      xRange={xRange}
      yRange={yRange}
      reference={reference}
      referenceTag={referenceTag}
      events={events}
      rests={rests}
      formatY={axisPercent}
      formatValue={(value) => numbers.percent(value)}
      formatTag={(value) => numbers.percentValue(value)}
      syncKey={run.id}
      rightSpace={88}
      legend={[
        ...drawn.filter(({ look }) => look === 'main'),
        // Many thin seeds look alike; the legend names the first and says how many there are.
        ...(others.length > 2
          ? [{ ...(others[0] as CurveSeries), label: t('charts:scale.seeds', { count: others.length }) }]
          : others),
        { id: 'paper', label: t('charts:paper'), color: 1, look: 'paper' as const },
      ]}
      smoothing={useSmoothing(choice)}
      controls={
        <Segmented
          label={t('charts:axis.label')}
          value={choice.unit}
          onChange={(unit) => setChoice('chart-axis', unit)}
          options={(['step', 'epoch', 'time'] as const).map((value) => ({ value, label: t(`charts:axis.${value}`) }))}
        />
      }
      empty={drawn.length === 0 ? empty : undefined}
    />
  )
}

function LossChart({ run, version, seeds, choice, xRange, events, rests, position }: ChartProps) {
  const { t } = useTranslation(['run', 'charts'])
  const numbers = useNumbers()
  const series = useMemo(
    () => lossSeries(seeds, choice, { train: t('charts:trainLoss'), test: t('charts:testLoss') }),
    [seeds, choice, t],
  )
  const [low, high] = lossRange(series.map(({ y }) => y))
  const yRange = useMemo<[number, number]>(() => [low, high], [low, high])
  const unnamed = useMemo(() => events.map(({ x }) => ({ x, label: '' })), [events])
  const unnamedRests = useMemo(() => rests.map(({ x }) => ({ x, label: '' })), [rests])
  const main = seeds.find(({ seed }) => seed === choice.seed)
  const empty = useEmptyWords(run, t('chart.firstFigures'))
  return (
    <ChartPanel
      {...position}
      name={`${run.id} loss ${choice.unit}`}
      title={t('chart.loss')}
      summary={t('chart.lossSummary', {
        seed: choice.seed,
        train: numbers.loss(main?.steps.loss.at(-1)),
        test: numbers.loss(main?.epochs.testLoss.at(-1)),
      })}
      series={series}
      version={version}
      xRange={xRange}
      yRange={yRange}
      events={unnamed}
      rests={unnamedRests}
      formatY={axisNumber}
      formatValue={(value) => numbers.loss(value)}
      syncKey={run.id}
      smoothing={useSmoothing(choice)}
      empty={series.every(({ x }) => x.length === 0) ? empty : undefined}
    />
  )
}

function RateChart({ run, version, seeds, choice, xRange, rests, position }: ChartProps) {
  const { t } = useTranslation(['run', 'charts'])
  const numbers = useNumbers()
  const plan = usePlannedRate(run)
  const unnamedRests = useMemo(() => rests.map(({ x }) => ({ x, label: '' })), [rests])
  const perEpoch = stepsPerEpoch(run)
  const series = useMemo(() => {
    const planned: CurveSeries = {
      id: 'plan',
      label: t('chart.ratePlan'),
      look: 'paper',
      color: 1,
      x: plan.map(({ step }) => (choice.unit === 'epoch' ? step / (perEpoch || 1) : step)),
      y: plan.map(({ lr }) => lr),
    }
    return [...(choice.unit === 'time' ? [] : [planned]), ...rateSeries(seeds, choice, t('charts:rate'))]
  }, [seeds, choice, plan, perEpoch, t])
  // Before the worker has counted its steps, the plan alone knows how long the run is.
  const planned = choice.unit === 'epoch' ? 0 : (plan.at(-1)?.step ?? 0)
  const [first, last] = totalSteps(run) > 0 ? xRange : [0, Math.max(xRange[1], planned)]
  const range = useMemo<[number, number]>(() => [first, last], [first, last])
  const rates = plan.map(({ lr }) => lr).filter((lr) => lr > 0)
  const drops = rates.length > 0 && new Set(rates).size < 8 && Math.max(...rates) / Math.min(...rates) >= 30
  const differs = configDifferences(run.recipe.config, run.config).some(({ key }) =>
    rateKeys.some((prefix) => key.startsWith(prefix)),
  )
  const main = seeds.find(({ seed }) => seed === choice.seed)
  const empty = useEmptyWords(run, t('chart.firstFigures'))
  return (
    <ChartPanel
      {...position}
      key={String(drops)}
      name={`${run.id} rate ${choice.unit}`}
      title={t('chart.rate')}
      note={differs ? t('chart.notAsRecipe') : t('chart.asRecipe')}
      summary={t('chart.rateSummary', { seed: choice.seed, now: numbers.rate(main?.steps.lr.at(-1)) })}
      legend={[]}
      series={series}
      version={version}
      xRange={range}
      rests={unnamedRests}
      log={drops}
      formatY={axisRate}
      formatValue={(value) => numbers.rate(value)}
      syncKey={run.id}
      empty={series.every(({ x }) => x.length === 0) ? empty : undefined}
    />
  )
}
