// A live process that times steps on request, by JSON lines.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { RepriseError } from '../../src-main/shared/errors.ts'

export interface ReadyLine {
  threads: number | null
  /** Trainable scalars of its network. */
  parameters: number
  versions: Record<string, string>
  /** Most memory of the process so far, before its first step and after the warm-up; of ours only. */
  startBytes?: number
  peakBytes?: number
  /** Most memory as predicted from the traced step, where that was asked for. */
  predictedBytes?: number
}

export interface TimedProcess<Ready = ReadyLine> {
  /** What it said when it was warm. */
  readonly ready: Ready
  /** Seconds for `steps` steps. */
  time(steps: number): Promise<number>
  /** Ends the process and waits for its end. */
  stop(): Promise<void>
}

/** Starts `command` and resolves when it is warm. Throws `worker-died` with the end of what it printed. */
export async function startTimedProcess<Ready = ReadyLine>(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<TimedProcess<Ready>> {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000)
  })
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
    child.on('error', (error) => {
      errors += String(error)
      resolve()
    })
  })
  // A process that ends early is noticed by the missing answer; the failed write says nothing more.
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  const answer = async (): Promise<unknown> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) break
      if (value.startsWith('{')) return JSON.parse(value)
    }
    await ended
    throw new RepriseError({
      code: 'worker-died',
      message: `A process of the comparison ended: ${[command, ...args].join(' ')}`,
      found: errors.trim().split('\n').slice(-8).join('\n') || `exit status ${child.exitCode}`,
      fix: 'If memory was short, run again with a smaller --airbench-batch.',
    })
  }

  const ready = (await answer()) as Ready
  return {
    ready,
    async time(steps) {
      child.stdin.write(`${JSON.stringify({ steps })}\n`)
      return ((await answer()) as { seconds: number }).seconds
    },
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
