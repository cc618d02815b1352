// A curve the size of a word: test accuracy in a table row, load of the machine in a panel.
import styles from './sparkline.module.css'
import { sparklineShape } from './sparkline-path.ts'

interface SparklineProps {
  values: ArrayLike<number>
  width?: number | undefined
  height?: number | undefined
  /** Value range; the values' own when left out. */
  domain?: [number, number] | undefined
  /** A dashed line, as the paper's figure. */
  reference?: number | undefined
  color?: string | undefined
  /** Said instead of the drawing; without it the sparkline is decoration beside a figure. */
  label?: string | undefined
}

export function Sparkline({ values, width = 84, height = 20, domain, reference, color, label }: SparklineProps) {
  const shape = sparklineShape(
    values,
    { width, height, inset: 3 },
    { ...(domain ? { domain } : {}), ...(reference === undefined ? {} : { reference }) },
  )
  return (
    <svg
      className={styles.sparkline}
      width={width}
      height={height}
      style={color ? { color } : undefined}
      role="img"
      aria-label={label ?? ''}
      aria-hidden={label === undefined}
    >
      {shape.reference !== null && (
        <line className={styles.reference} x1="0" x2={width} y1={shape.reference} y2={shape.reference} />
      )}
      {shape.path && <path className={styles.line} d={shape.path} />}
      {shape.end && <circle className={styles.end} cx={shape.end.x} cy={shape.end.y} r="2" />}
    </svg>
  )
}
