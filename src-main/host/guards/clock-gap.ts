// Finds out between two looks at the clocks whether the machine slept or somebody set the time.
import { type ClockReading, clockDrift } from '../machine/clocks.ts'

export type ClockGap = { kind: 'slept' | 'clock-jumped'; seconds: number }

/** Less is the wear of a loaded machine, or a clock that is corrected a little. */
const leastSeconds = 10
/** A process that got no time at all for so long was frozen, or the machine slept and all clocks went on, as on Windows. */
const frozenSeconds = 60

/**
 * @param everySeconds time that should lie between the two readings
 * @returns what happened; `seconds` of a jump are below 0 where the time was set back
 */
export function clockGaps(before: ClockReading, after: ClockReading, everySeconds: number): ClockGap[] {
  const awake = (after.monotonicMs - before.monotonicMs) / 1000
  const asleep = after.uptimeSeconds - before.uptimeSeconds - awake
  const frozen = awake - everySeconds
  const gaps: ClockGap[] = []
  if (asleep >= leastSeconds) gaps.push({ kind: 'slept', seconds: asleep })
  else if (frozen >= frozenSeconds) gaps.push({ kind: 'slept', seconds: frozen })
  const drift = clockDrift(before, after)
  if (Math.abs(drift) >= leastSeconds) gaps.push({ kind: 'clock-jumped', seconds: drift })
  return gaps
}
