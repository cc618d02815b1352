// Whether the system ended a process because memory ran out, and which process it shall end first. Linux only.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type ReadText = (file: string) => string

/** Added to the host's own score, which the system compares when it chooses what to end (man 5 proc_pid_oom_score_adj). */
const workerPenalty = 500
const highestScore = 1000

/** Lets the system end this process rather than the host when memory runs out. Does nothing where that cannot be said. */
export function endFirst(pid: number | undefined): void {
  if (process.platform !== 'linux' || pid === undefined) return
  try {
    const own = Number(readFileSync('/proc/self/oom_score_adj', 'utf8'))
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(Math.min(own + workerPenalty, highestScore)))
  } catch {
    // A container may forbid it; the host then takes its chance with the others.
  }
}

/**
 * Processes ended so far for want of memory, as the kernel counts them: in this process's control group (version 2 and 1), and on
 * the whole machine. Only a difference of two calls means something; null where nothing is counted.
 *
 * Linux: Documentation/admin-guide/cgroup-v2.rst (memory.events), cgroup-v1/memory.rst (memory.oom_control), /proc/vmstat.
 */
export function outOfMemoryKills(readText: ReadText = (file) => readFileSync(file, 'utf8')): number | null {
  const counts = counterFiles(readText).flatMap((file) => {
    const text = textOf(readText, file)
    const count = text === null ? null : /^oom_kill (\d+)$/m.exec(text)?.[1]
    return count === null || count === undefined ? [] : [Number(count)]
  })
  return counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) : null
}

function counterFiles(readText: ReadText): string[] {
  const groups = textOf(readText, '/proc/self/cgroup')?.split('\n') ?? []
  const ofGroups = groups.flatMap((line) => {
    const [, controllers = '', path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    if (path === undefined) return []
    if (controllers === '') return [join('/sys/fs/cgroup', path, 'memory.events')]
    return controllers.split(',').includes('memory') ? [join('/sys/fs/cgroup/memory', path, 'memory.oom_control')] : []
  })
  return [...ofGroups, '/proc/vmstat']
}

function textOf(readText: ReadText, file: string): string | null {
  try {
    return readText(file)
  } catch {
    return null
  }
}
