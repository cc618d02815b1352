import { useTranslation } from 'react-i18next'
import { useNumbers } from '../../i18n/i18n.ts'
import { classNames } from '../../ui/class-names.ts'
import styles from './home.module.css'
import { previewPath, previewScale } from './preview-scale.ts'

export interface AccuracyPreviewProps {
  /** Accuracies in order, as fractions. */
  values: readonly number[]
  /** How much of the width the curve takes: the share of the training that is done. */
  width?: number
  paper: number
  tolerance: number
  /** Words under the axis, from left to right. */
  xLabels: readonly string[]
  /** Where the training stopped, as a share of the width, and why. */
  stop?: { at: number; label: string; quiet: boolean }
  /** What the drawing shows, in one line. */
  summary: string
}

/** Test accuracy against the paper, small and without interaction. */
export function AccuracyPreview({ values, width = 1, paper, tolerance, xLabels, stop, summary }: AccuracyPreviewProps) {
  const { t } = useTranslation('charts')
  const numbers = useNumbers()
  const scale = previewScale(values, paper, tolerance)
  const bandTop = scale.y(paper + tolerance)
  const step = (scale.ticks[1] ?? 1) - (scale.ticks[0] ?? 0)
  const decimals = step < 0.001 ? 2 : step < 0.01 ? 1 : 0
  return (
    <div className={styles.chart} role="img" aria-label={summary}>
      <div className={styles.plot}>
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
          {scale.ticks.map((tick) => (
            <line key={tick} x1="0" x2="1000" y1={scale.y(tick)} y2={scale.y(tick)} stroke="var(--grid)" />
          ))}
          <rect x="0" width="1000" y={bandTop} height={scale.y(paper - tolerance) - bandTop} fill="var(--paper-band)" />
          <line
            x1="0"
            x2="1000"
            y1={scale.y(paper)}
            y2={scale.y(paper)}
            stroke="var(--paper-line)"
            strokeWidth="1.25"
            strokeDasharray="5 4"
          />
          <path
            d={previewPath(values, scale, width)}
            fill="none"
            stroke="var(--series-1)"
            strokeWidth="2.25"
            strokeLinejoin="round"
            strokeLinecap="round"
          />
          <line x1="0" x2="1000" y1="1000" y2="1000" stroke="var(--axis)" strokeWidth="1.5" />
        </svg>
        {scale.ticks.map((tick) => (
          <span key={tick} className={classNames(styles.tick, styles.tickY)} style={{ top: `${scale.y(tick) / 10}%` }}>
            {numbers.percentValue(tick, decimals)}
          </span>
        ))}
        {xLabels.map((label, index) => (
          <span
            key={label}
            className={classNames(styles.tick, styles.tickX)}
            style={{ left: `${(index / Math.max(1, xLabels.length - 1)) * 100}%` }}
          >
            {label}
          </span>
        ))}
        {stop && (
          <>
            <i
              className={classNames(styles.stopLine, stop.quiet && styles.quietStop)}
              style={{ left: `${stop.at * 100}%` }}
            />
            <span
              className={classNames(
                styles.tick,
                styles.stopWords,
                stop.at > 0.6 && styles.stopWordsLeft,
                stop.quiet && styles.quietStop,
              )}
              style={{ left: `${stop.at * 100}%` }}
            >
              {stop.label}
            </span>
          </>
        )}
        <span className={classNames(styles.tick, styles.paperTag)} style={{ top: `${scale.y(paper) / 10}%` }}>
          {t('paperFigure', { figure: numbers.percentValue(paper) })}
        </span>
      </div>
    </div>
  )
}
