// How busy the machine is with other work, which would spoil the comparison.
import { cpus } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

export interface CpuTimes {
  idle: number
  total: number
}

/** Times of all cores together, in milliseconds since the machine started. */
export function cpuTimes(): CpuTimes {
  return cpus().reduce(
    (sum, { times }) => ({
      idle: sum.idle + times.idle,
      total: sum.total + times.user + times.nice + times.sys + times.irq + times.idle,
    }),
    { idle: 0, total: 0 },
  )
}

/** Share of all cores in use between two readings, 0..1. */
export function busyShare(before: CpuTimes, after: CpuTimes): number {
  const total = after.total - before.total
  return total > 0 ? 1 - (after.idle - before.idle) / total : 0
}

/** Share of all cores in use now, over `ms` milliseconds. Everything of ours must be idle meanwhile. */
export async function measureBusyShare(ms = 2000): Promise<number> {
  const before = cpuTimes()
  await delay(ms)
  return busyShare(before, cpuTimes())
}
