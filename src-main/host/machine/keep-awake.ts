// Keeps the machine from going to sleep, by the tool that its system has for that. A window of the desktop app does it by itself.
import { type ChildProcess, spawn } from 'node:child_process'

export interface KeepAwake {
  /** Call it whenever that may have changed; does nothing where it has not. */
  hold(wanted: boolean): void
  close(): void
}

/**
 * Both tools block sleep as long as the command that follows them runs. `cat` runs until the pipe to it closes, which the system
 * does when this process ends, however it ends (systemd-inhibit(1), caffeinate(8)).
 */
const tools: Partial<Record<NodeJS.Platform, [command: string, ...args: string[]]>> = {
  linux: [
    'systemd-inhibit',
    '--what=idle:sleep',
    '--mode=block',
    '--who=Reprise',
    '--why=A network is training',
    'cat',
  ],
  darwin: ['caffeinate', '-i', 'cat'],
}

export interface KeepAwakeOptions {
  /** Told why sleep cannot be blocked, where there is a tool and it fails. */
  onFailure(reason: string): void
  env?: NodeJS.ProcessEnv
  platform?: NodeJS.Platform
}

export function createKeepAwake({
  onFailure,
  env = process.env,
  platform = process.platform,
}: KeepAwakeOptions): KeepAwake {
  const tool = tools[platform]
  let held = false
  let child: ChildProcess | null = null

  const start = () => {
    if (!tool) return
    const [command, ...args] = tool
    const started = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'], env })
    child = started
    started.stdin?.on('error', () => {})
    started.on('error', (error) => onFailure(error.message))
    started.on('exit', (code, signal) => {
      if (child !== started) return
      child = null
      onFailure(`${command} ended with ${signal ?? `code ${code}`}`)
    })
    started.unref()
  }
  const end = () => {
    const ending = child
    child = null
    ending?.stdin?.end()
  }

  return {
    hold: (wanted) => {
      if (wanted === held) return
      held = wanted
      if (wanted) start()
      else end()
    },
    close: end,
  }
}
