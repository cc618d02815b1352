// A short piece of a line, for legends and tooltips.
import styles from './curve-chart.module.css'
import type { SeriesLook } from './curve-series.ts'

export function LineSample({ color, look }: { color: number; look: SeriesLook }) {
  const paper = look === 'paper'
  return (
    <svg className={styles.lineSample} viewBox="0 0 18 8" aria-hidden="true">
      <line
        x1="0"
        x2="18"
        y1="4"
        y2="4"
        stroke={paper ? 'var(--paper-line)' : `var(--series-${color})`}
        strokeWidth={paper ? 1.5 : look === 'other' ? 1.25 : 2}
        strokeOpacity={look === 'other' ? 0.6 : 1}
        strokeDasharray={paper ? '5 3' : undefined}
      />
    </svg>
  )
}
