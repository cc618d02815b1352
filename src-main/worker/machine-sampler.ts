// Load and memory of the worker, a sample every two seconds.
import { cpus } from 'node:os'
import type { MachineSample } from '../shared/worker-protocol.ts'

const everyMs = 2000

export interface MachineSampler {
  setDataWait(share: number): void
  end(): void
}

export function sampleMachine(onSample: (sample: MachineSample) => void): MachineSampler {
  const cores = cpus().length
  let dataWait = 0
  let last = { usage: process.cpuUsage(), at: performance.now() }
  const timer = setInterval(() => {
    const used = process.cpuUsage(last.usage)
    const elapsedUs = (performance.now() - last.at) * 1000
    last = { usage: process.cpuUsage(), at: performance.now() }
    const cpu = Math.min(1, (used.user + used.system) / elapsedUs / cores)
    onSample({ cpu, rssBytes: process.memoryUsage.rss(), dataWait })
  }, everyMs)
  return {
    setDataWait: (share) => {
      dataWait = share
    },
    end: () => clearInterval(timer),
  }
}
