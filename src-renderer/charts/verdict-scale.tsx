// The verdict as a drawing: tolerance band, the paper's tick, the interval of the mean, and the seeds.
import type { VerdictOutcome } from '../../src-main/shared/verdict.ts'
import styles from './verdict-scale.module.css'
import { type VerdictScaleValues, verdictScaleGeometry } from './verdict-scale-geometry.ts'

export interface VerdictScaleProps extends VerdictScaleValues {
  outcome: VerdictOutcome
  /** Spoken form, such as "92.41 plus or minus 0.14, paper 93.03, tolerance 0.30: not reproduced". */
  label: string
  /** The run is not over: no mean and no interval are drawn. */
  provisional?: boolean | undefined
}

const percent = (at: number) => `${(at * 100).toFixed(2)}%`
const span = (range: { left: number; right: number }) => ({
  left: percent(range.left),
  width: percent(range.right - range.left),
})

/** The small scale of tables and lists, as wide as its box (112 px in tables). */
export function VerdictScale({ outcome, label, provisional = false, ...values }: VerdictScaleProps) {
  const at = verdictScaleGeometry(values)
  return (
    <div className={styles.small} data-outcome={outcome} role="img" aria-label={label}>
      <i className={styles.axis} />
      <i className={styles.band} style={span(at.band)} />
      <i className={styles.paper} style={{ left: percent(at.paper) }} />
      {provisional || at.mean === null ? (
        at.seeds.map((ring) => <i key={ring.seed} className={styles.seed} style={{ left: percent(ring.at) }} />)
      ) : (
        <>
          {at.interval && <i className={styles.interval} style={span(at.interval)} />}
          <i className={styles.mean} data-hollow={at.interval === null} style={{ left: percent(at.mean) }} />
        </>
      )}
    </div>
  )
}

/** Words and figures on the large scale. */
export interface VerdictScaleWords {
  paper: string
  mean: string
  interval: string
  seeds: string
  below: string
  inside: string
  above: string
  formatTick(value: number): string
}

/** The large scale of the verdict card: 520 px and more, with its axis, zones and every seed. */
export function VerdictScaleCard({ words, ...props }: VerdictScaleProps & { words: VerdictScaleWords }) {
  const { outcome, label, provisional = false, ...values } = props
  const at = verdictScaleGeometry(values)
  return (
    <div className={styles.card} data-outcome={outcome} role="img" aria-label={label}>
      <div className={styles.rows}>
        <span className={styles.intervalLabel}>{at.interval && !provisional ? words.interval : ''}</span>
        <span className={styles.seedsLabel}>{words.seeds}</span>
      </div>
      <div className={styles.field}>
        <i className={styles.cardBand} style={span(at.band)} />
        {at.paperInterval && <i className={styles.paperInterval} style={span(at.paperInterval)} />}
        <i className={styles.cardPaper} style={{ left: percent(at.paper) }} />
        <span className={styles.paperTag} style={{ left: percent(at.paper) }}>
          {words.paper}
        </span>
        <i className={styles.cardAxis} />
        {at.ticks.map((tick) => (
          <span key={tick.value} className={styles.tick} style={{ left: percent(tick.at) }}>
            {words.formatTick(tick.value)}
          </span>
        ))}
        <span className={styles.zone} style={{ right: percent(1 - at.band.left), paddingRight: 7 }}>
          {words.below}
        </span>
        <span className={styles.zone} style={{ ...span(at.band), textAlign: 'center' }}>
          {words.inside}
        </span>
        <span className={styles.zone} style={{ left: percent(at.band.right), paddingLeft: 7 }}>
          {words.above}
        </span>
        {at.seeds.map((ring) => (
          <i key={ring.seed} className={styles.cardSeed} style={{ left: percent(ring.at) }} />
        ))}
        {at.mean !== null && !provisional && (
          <>
            {at.interval && <i className={styles.cardInterval} style={span(at.interval)} />}
            {(at.interval || at.seeds.length > 1) && (
              <i className={styles.cardMean} data-hollow={at.interval === null} style={{ left: percent(at.mean) }} />
            )}
            <span
              className={styles.meanTag}
              data-alone={at.interval === null && at.seeds.length === 1}
              style={{ left: `clamp(32px, ${percent(at.mean)}, calc(100% - 32px))` }}
            >
              {words.mean}
            </span>
          </>
        )}
      </div>
    </div>
  )
}
