import { Progress } from '@base-ui/react/progress'
import { classNames } from './class-names.ts'
import styles from './progress-bar.module.css'

export interface ProgressBarProps {
  /** 0 to 1; null when the end is not known. */
  value: number | null
  /** Spoken name, such as the run's. */
  label: string
  /** Spoken value: "step 41,300 of 64,000, 34 minutes left". */
  text?: string
  tone?: 'live' | 'still' | 'warn'
}

const limited = (value: number) => Math.min(1, Math.max(0, value))

/** How far something is. Yellow while it moves. */
export function ProgressBar({ value, label, text, tone = 'live' }: ProgressBarProps) {
  return (
    <Progress.Root
      value={value === null ? null : limited(value) * 100}
      aria-label={label}
      {...(text !== undefined && { 'aria-valuetext': text })}
    >
      <Progress.Track className={styles.bar}>
        <Progress.Indicator
          className={classNames(styles.fill, tone !== 'live' && styles[tone], value === null && styles.unknown)}
        />
      </Progress.Track>
    </Progress.Root>
  )
}
