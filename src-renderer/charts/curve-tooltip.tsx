// The list beside a crosshair: the position, then each series with its value, largest first.
import styles from './curve-chart.module.css'
import type { ReadValue } from './curve-series.ts'
import { LineSample } from './line-sample.tsx'

interface CurveTooltipProps {
  position: string
  /** CSS pixels from the left edge of the plotting area. */
  left: number
  /** Stands on the left of the crosshair, where the right has no room. */
  toLeft: boolean
  values: readonly ReadValue[]
  pickedId: string | null
  format: (value: number) => string
}

// Long lists keep the values at both ends, which are the ones that differ most.
const mostRows = 8

/** Width of the y axis, and the gap to the crosshair. */
const axisWidth = 40
const gap = 12

export function CurveTooltip({ position, left, toLeft, values, pickedId, format }: CurveTooltipProps) {
  const at = axisWidth + left
  const place = toLeft ? { left: at - gap, transform: 'translateX(-100%)' } : { left: at + gap }
  const shown = values.length > mostRows ? [...values.slice(0, mostRows / 2), ...values.slice(-mostRows / 2)] : values
  return (
    <div className={styles.tooltip} style={place} aria-hidden="true">
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
