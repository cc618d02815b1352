// npm start: sets everything up, then opens the app in a window, or serves it to a browser where there is no display.
import { spawn } from 'node:child_process'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { appFolder } from './set-up/app-folder.mjs'
import { setUp } from './set-up/app-set-up.mjs'
import { fetchElectron, hasDisplay } from './set-up/electron.mjs'
import { findNode24 } from './set-up/node24.mjs'
import { runInForeground } from './set-up/run-program.mjs'
import { createSteps, runMain, SetUpError } from './set-up/steps.mjs'

const usage = `Usage: npm start -- [options]

  --no-window   serve the interface to a browser instead of opening a window
  --port N      the port on 127.0.0.1 (default: the last one used, or any free one)
  --listen ADDRESS
                an address of this machine, or 0.0.0.0 for all, that other machines may
                reach beside 127.0.0.1; serves to a browser. Nothing is encrypted then:
                an SSH tunnel (ssh -L) is safer and needs no option
  --help        show this
`

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        'no-window': { type: 'boolean' },
        port: { type: 'string' },
        listen: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
      throw new Error(`--port takes a number from 1 to 65535, not '${values.port}'`)
    }
    const { listen } = values
    if (listen !== undefined && isIP(listen) === 0) throw new Error(`--listen takes an IP address, not '${listen}'`)
    return { window: values['no-window'] !== true && listen === undefined, port, listen, help: values.help === true }
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}`)
    process.exit(2)
  }
}

/** Opens the window and waits until the app is left. */
async function openWindow(electron, port) {
  const args = [appFolder]
  // Chromium's sandbox refuses to run as root.
  if (process.getuid?.() === 0) args.unshift('--no-sandbox')
  if (port !== undefined) args.push(`--port=${port}`)
  process.exitCode = await runInForeground(electron, args)
}

/** Starts the host, prints its address, and keeps it until an interrupt or the end of this process. */
async function serve({ port, listen }) {
  const args = [join(appFolder, 'src-main/host/main.ts'), '--attached', '--ui', join(appFolder, 'out/renderer')]
  if (port !== undefined) args.push('--port', String(port))
  if (listen !== undefined) args.push('--listen', listen)
  // Its own process group: an interrupt reaches this process only, which ends the host by closing its stdin.
  const detached = process.platform !== 'win32'
  const host = spawn(findNode24(), args, { stdio: ['pipe', 'pipe', 'inherit'], detached })
  const end = () => host.stdin.end()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, end)
  let failure = null
  createInterface({ input: host.stdout }).on('line', (line) => {
    const message = line.startsWith('{') ? JSON.parse(line) : {}
    if (message.type === 'ready') {
      process.stdout.write(`\nReprise is ready: ${message.url}\n`)
      if (message.open) process.stdout.write(`From other machines: ${message.open.url}\n${message.open.warning}\n`)
      process.stdout.write('Ctrl-C ends it.\n')
    }
    if (message.type === 'failed') failure = message
  })
  const status = await new Promise((resolve, reject) => {
    host.on('error', reject)
    host.on('close', (code) => resolve(code ?? 1))
  })
  if (failure?.running) throw new SetUpError(failure.error.message, `Open ${failure.running}`)
  if (failure !== null) throw new SetUpError(failure.error.message, failure.error.fix)
  process.exitCode = status
}

await runMain(async () => {
  const options = readOptions()
  if (options.help) return void process.stdout.write(usage)
  const wantsWindow = options.window && hasDisplay()
  const steps = createSteps(wantsWindow ? 5 : 4)
  await setUp(steps, ['packages', 'node', 'tensorflow', 'build'])
  if (wantsWindow) {
    const { electron } = await steps.run('window', async (progress) => {
      const path = await fetchElectron(progress)
      return { electron: path, words: path === null ? 'no Electron' : 'ready' }
    })
    if (electron !== null) return openWindow(electron, options.port)
    process.stdout.write(
      'Electron could not be fetched, so Reprise opens in your browser; "npx install-electron" tries again.\n',
    )
  } else if (options.window) {
    process.stdout.write('There is no display here, so Reprise is served to a browser.\n')
  }
  await serve(options)
})
