// Runs programs, and ends them with this one.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { appFolder } from './app-folder.mjs'

/**
 * Runs a program quietly and resolves to its exit status and the end of what it printed.
 * @param {(line: string) => void} [onLine] called with each line of stdout
 */
export function runQuietly(command, args, { env = process.env, cwd = appFolder, onLine, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
    let output = ''
    const keep = (text) => {
      output = (output + text).slice(-20_000)
    }
    if (onLine) createInterface({ input: child.stdout }).on('line', onLine)
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep)
    child.on('error', (error) => resolve({ status: -1, output: `${output}${error.message}` }))
    child.on('close', (code, signal) => resolve({ status: code ?? -1, signal, output }))
  })
}

/**
 * Runs a program in the foreground: it has the terminal. An interrupt from the keyboard reaches it directly, other
 * signals are passed on; resolves to the exit status as a shell would give it.
 */
export function runInForeground(command, args, { env = process.env, cwd = process.cwd() } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' })
    const handlers = {
      SIGINT: () => {},
      SIGTERM: () => child.kill('SIGTERM'),
      SIGHUP: () => child.kill('SIGHUP'),
    }
    for (const [name, handler] of Object.entries(handlers)) process.on(name, handler)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const [name, handler] of Object.entries(handlers)) process.off(name, handler)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}
