// The learning rate this draft leads to, against the recipe's.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preflight } from '../../../src-main/shared/api.ts'
import { axisCount, axisRate } from '../../charts/axis-format.ts'
import { ChartPanel } from '../../charts/chart-panel.tsx'
import type { CurveSeries } from '../../charts/curve-series.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import styles from './settings-form.module.css'

/** Schedules that fall by more than this read better on a log axis. */
const logRatio = 30

export function RateChart({ preflight }: { preflight: Preflight | null }) {
  const { t } = useTranslation(['newRun', 'charts'])
  const numbers = useNumbers()
  const schedule = preflight?.schedule
  const chart = useMemo(() => {
    if (!schedule) return null
    const line = (id: 'run' | 'recipe', label: string): CurveSeries => ({
      id,
      label,
      look: id === 'run' ? 'main' : 'paper',
      color: 1,
      x: schedule[id].map(({ step }) => step),
      y: schedule[id].map(({ lr }) => lr),
    })
    const rates = schedule.run.map(({ lr }) => lr)
    const positive = rates.filter((lr) => lr > 0)
    return {
      series: [line('recipe', t('charts:recipe')), line('run', t('charts:thisRun'))],
      last: Math.max(schedule.run.at(-1)?.step ?? 1, schedule.recipe.at(-1)?.step ?? 1),
      steps: (schedule.run.at(-1)?.step ?? 0) + 1,
      ends: [rates[0] ?? 0, rates.at(-1) ?? 0] as const,
      // Few distinct rates are drops by a factor; a curve that ends near zero is no reason for a log axis.
      log: new Set(positive).size < 8 && Math.max(...positive) / Math.min(...positive) >= logRatio,
    }
  }, [schedule, t])
  const xRange = useMemo<[number, number]>(() => [0, chart?.last ?? 1], [chart?.last])
  return (
    <div className={styles.rateChart}>
      {chart ? (
        <ChartPanel
          key={String(chart.log)}
          small
          title={t('rateChart')}
          summary={t('rateSummary', {
            first: numbers.rate(chart.ends[0]),
            last: numbers.rate(chart.ends[1]),
            steps: numbers.count(chart.steps),
          })}
          positionLabel={t('charts:axis.step')}
          series={chart.series}
          version={0}
          xRange={xRange}
          log={chart.log}
          formatX={axisCount}
          formatY={axisRate}
          formatValue={(value) => numbers.rate(value)}
          formatPosition={(step) => t('charts:at.step', { value: numbers.count(Math.round(step)) })}
        />
      ) : (
        <p className={styles.nothing}>{t('rateUnknown')}</p>
      )}
    </div>
  )
}
