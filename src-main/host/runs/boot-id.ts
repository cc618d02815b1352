// Which start of the machine this is, so that a power loss is told from a process that died.
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'

/** Two readings of the same start may differ by so much: clocks are set while the machine runs. */
const clockSlackMs = 120_000

/** On Linux the kernel's own id (man 5 proc, random/boot_id); elsewhere the time of the start, ms since 1970. */
export function readBootId(): string {
  if (process.platform === 'linux') {
    try {
      return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    } catch {
      // Not every container shows it.
    }
  }
  return String(Math.round(Date.now() - uptime() * 1000))
}

/** Whether two ids are of the same start of the machine. */
export function sameBoot(one: string, other: string): boolean {
  const [a, b] = [Number(one), Number(other)]
  return Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) < clockSlackMs : one === other
}
