// Three clocks, which differ in what they do while the machine sleeps and when somebody sets the time.
import { uptime } from 'node:os'

export interface ClockReading {
  /** Time of day in ms since 1970; jumps when it is set. */
  wallMs: number
  /** Ms since some start; never jumps. On Linux and macOS it stands still while the machine sleeps. */
  monotonicMs: number
  /** Seconds since the machine was started, those of sleep included; never jumps. */
  uptimeSeconds: number
}

export function readClocks(): ClockReading {
  return { wallMs: Date.now(), monotonicMs: performance.now(), uptimeSeconds: uptime() }
}

/** Seconds by which the time of day was set forward (or back, below 0) between two readings. */
export function clockDrift(before: ClockReading, after: ClockReading): number {
  return (after.wallMs - before.wallMs) / 1000 - (after.uptimeSeconds - before.uptimeSeconds)
}
