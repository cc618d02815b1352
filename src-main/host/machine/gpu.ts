// The NVIDIA GPU of this machine, as its driver's own tool names it.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits']

/** Such as "NVIDIA GeForce RTX 3060, 12 GB"; with a count when there are several; null without driver or GPU. */
export async function findGpu(): Promise<string | null> {
  try {
    const { stdout } = await run('nvidia-smi', query, { timeout: 5000, windowsHide: true })
    return describeGpus(stdout)
  } catch {
    return null
  }
}

/** @param csv lines of name and memory in MiB */
export function describeGpus(csv: string): string | null {
  const gpus = csv
    .split('\n')
    .filter((line) => line.includes(','))
    .map((line) => {
      const [name = '', memory = '0'] = line.split(',').map((cell) => cell.trim())
      return `${name}, ${Math.round(Number(memory) / 1024)} GB`
    })
  const first = gpus[0]
  if (first === undefined) return null
  return gpus.length > 1 ? `${gpus.length} x ${first}` : first
}
