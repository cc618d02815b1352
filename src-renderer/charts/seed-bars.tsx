// One bar per seed: how far it is, what it reached, or that it waits.
import styles from './seed-bars.module.css'

export interface SeedBar {
  /** "Seed 2". */
  label: string
  /** What stands on the right: a percentage, a figure, a word. */
  note: string
  state: 'waiting' | 'running' | 'paused' | 'done' | 'failed'
  /** 0 to 1. */
  progress: number
  /** Full words for the progress: "step 41,300 of 64,000, 34 minutes left". */
  spoken: string
}

export function SeedBars({ bars }: { bars: readonly SeedBar[] }) {
  return (
    <div className={styles.bars}>
      {bars.map((bar) => (
        <div key={bar.label} className={styles.seed} data-state={bar.state}>
          <div className={styles.words}>
            <span className={styles.label}>{bar.label}</span>
            <span className={styles.note}>{bar.note}</span>
          </div>
          <div
            className={styles.track}
            role="progressbar"
            aria-label={bar.label}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(bar.progress * 100)}
            aria-valuetext={bar.spoken}
          >
            {bar.progress > 0 && <i className={styles.fill} style={{ width: `${bar.progress * 100}%` }} />}
          </div>
        </div>
      ))}
    </div>
  )
}
