// Processes of the app as Linux shows them.
import { readFileSync } from 'node:fs'
import { expect } from '@playwright/test'

/** False once a process is gone, or is a zombie that nobody has collected. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Ends a process and waits until it is gone. */
export async function end(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (isAlive(pid)) process.kill(pid, signal)
  await expect.poll(() => isAlive(pid)).toBe(false)
}

/** Direct children of a process whose command line contains `text`. */
export function childrenOf(pid: number, text: string): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
  return children.filter((child) => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(text)
    } catch {
      return false
    }
  })
}
