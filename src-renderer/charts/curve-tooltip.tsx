// The list beside a crosshair: the position, then each series with its value, largest first.
import styles from './curve-chart.module.css'
import type { ReadValue } from './curve-series.ts'
import { LineSample } from './line-sample.tsx'

interface CurveTooltipProps {
  position: string
  /** CSS pixels from the left edge of the plotting area. */
  left: number
  values: readonly ReadValue[]
  pickedId: string | null
  format: (value: number) => string
}

// Long lists keep the values at both ends, which are the ones that differ most.
const mostRows = 8

export function CurveTooltip({ position, left, values, pickedId, format }: CurveTooltipProps) {
  const shown = values.length > mostRows ? [...values.slice(0, mostRows / 2), ...values.slice(-mostRows / 2)] : values
  return (
    <div
      className={styles.tooltip}
      style={{ left: `clamp(4px, ${left + 54}px, calc(100% - 190px))` }}
      aria-hidden="true"
    >
      <div className={styles.tooltipPosition}>{position}</div>
      {shown.map((value) => (
        <div key={value.id} className={styles.tooltipRow} data-picked={value.id === pickedId}>
          <LineSample color={value.color} look={value.look} />
          <span>{value.label}</span>
          <span className={styles.tooltipValue}>{format(value.value)}</span>
        </div>
      ))}
    </div>
  )
}
