// A display for Electron's windows: Xvfb on Linux, so that tests neither need nor disturb a screen.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { hasDisplay } from './electron.mjs'
import { SetUpError } from './steps.mjs'
import { canInstallPackages, findProgram, installPackages } from './system-packages.mjs'

/** Finds or installs Xvfb; where it cannot be had, a display that is there will do. */
export async function ensureDisplay(progress) {
  if (process.platform !== 'linux') return { xvfb: null, words: 'the screen' }
  let xvfb = findProgram('Xvfb')
  if (xvfb === null && (canInstallPackages() || !hasDisplay())) {
    await installPackages(progress, ['xvfb'])
    xvfb = findProgram('Xvfb')
  }
  return { xvfb, words: xvfb ?? 'the screen' }
}

/** Starts Xvfb on a free display number and resolves to that and to a function that ends it. */
export async function startDisplay(xvfb) {
  const server = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  let complaint = ''
  server.stderr.setEncoding('utf8').on('data', (text) => {
    complaint = (complaint + text).slice(-2000)
  })
  const number = await new Promise((resolve, reject) => {
    createInterface({ input: server.stdio[3] }).once('line', resolve)
    server.once('error', reject)
    server.once('exit', () => reject(new SetUpError(`Xvfb did not start.\n${complaint}`, 'Install it again: xvfb.')))
  })
  const end = () => server.kill('SIGTERM')
  process.once('exit', end)
  return { display: `:${number}`, end }
}
