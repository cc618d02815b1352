// The most memory that this process took so far.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)
const kibibyte = 1024
const mebibyte = 1024 ** 2

/**
 * Most resident bytes since the start of this process. On Linux VmHWM: getrusage's figure counts what its parent had when it
 * started it (see getrusage(2) and setmax_mm_hiwater_rss in Linux).
 */
export function peakResidentBytes(): number {
  if (process.platform === 'linux') {
    const peak = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (peak) return Number(peak) * kibibyte
  }
  return process.resourceUsage().maxRSS * kibibyte
}

/** Bytes that this process holds on its GPUs by the driver's own tool, which TensorFlow never gives back; null where it says nothing. */
export async function deviceBytes(): Promise<number | null> {
  const query = ['--query-compute-apps=pid,used_gpu_memory', '--format=csv,noheader,nounits']
  const answer = await run('nvidia-smi', query, { timeout: 5000, windowsHide: true }).catch((): null => null)
  return answer ? bytesOfProcess(answer.stdout, process.pid) : null
}

/** @param csv lines of process and memory in MiB */
export function bytesOfProcess(csv: string, pid: number): number | null {
  const own = csv.split('\n').map((line) => line.split(',').map((cell) => Number(cell.trim())))
  const used = own.flatMap(([of, mebibytes]) => (of === pid && mebibytes ? [mebibytes * mebibyte] : []))
  return used.length > 0 ? used.reduce((sum, bytes) => sum + bytes, 0) : null
}
