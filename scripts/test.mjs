// npm test: sets up what tests need and runs all of them. The last line says how many passed and failed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appFolder, packageProgram } from './set-up/app-folder.mjs'
import { setUp } from './set-up/app-set-up.mjs'
import { ensureChromium } from './set-up/chromium.mjs'
import { findNode24, node24Environment } from './set-up/node24.mjs'
import { runInForeground } from './set-up/run-program.mjs'
import { createSteps, runMain, SetUpError } from './set-up/steps.mjs'
import { addCounts, describeCounts, playwrightCounts, vitestCounts, wholeCount } from './set-up/test-counts.mjs'
import { ensureTestElectron } from './set-up/test-electron.mjs'
import { ensureDisplay, startDisplay } from './set-up/virtual-display.mjs'

/** Runs a program of an npm package on Node 24 in the app's folder; resolves to its exit status. */
function runTool([packageName, program, ...args], env) {
  const command = [packageProgram(packageName, program), ...args]
  return runInForeground(findNode24(), command, { cwd: appFolder, env })
}

async function test() {
  const steps = createSteps(11)
  const reports = mkdtempSync(join(tmpdir(), 'reprise-reports-'))
  const vitestReport = join(reports, 'vitest.json')
  const playwrightReport = join(reports, 'playwright.json')
  const counts = []
  let end = () => {}
  let interrupted = false
  process.once('SIGINT', () => {
    interrupted = true
  })
  try {
    const { tensorflow } = await setUp(steps, ['packages', 'node', 'tensorflow'])
    const chromium = await steps.run('Chromium', ensureChromium)
    const { xvfb } = await steps.run('display', ensureDisplay)
    const electron = await steps.run('Electron', ensureTestElectron)
    const env = { ...node24Environment(), REPRISE_LIBTENSORFLOW: tensorflow.folder }

    /** Runs a tool as a step and counts; further tools run also when it fails. */
    const check = (name, command, count, more = {}) =>
      steps.run(
        name,
        async () => {
          const status = await runTool(command, { ...env, ...more })
          if (interrupted) throw new SetUpError('Interrupted.', 'Tests after this one did not run.')
          const found = count(status)
          counts.push(found)
          return { words: describeCounts(found) }
        },
        { loud: true },
      )

    await check('type check', ['typescript', 'tsc', '-p', 'tsconfig.json', '--noEmit'], wholeCount)
    await check('Biome', ['@biomejs/biome', 'biome', 'check', '--error-on-warnings', '.'], wholeCount)
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`]
    await check('unit, engine and host tests', ['vitest', 'vitest', 'run', ...reporters], (status) =>
      vitestCounts(vitestReport, status),
    )
    // Built late, so that a source that does not build has been seen by all other tests.
    await setUp(steps, ['build'])
    const browsers = { CHROME_PATH: chromium.path, ...electron.env }
    if (xvfb !== null) {
      const display = await startDisplay(xvfb)
      end = display.end
      Object.assign(browsers, { DISPLAY: display.display, WAYLAND_DISPLAY: '' })
    }
    await check(
      'the app in Chromium and Electron',
      ['@playwright/test', 'playwright', 'test', '--reporter=list,json'],
      (status) => playwrightCounts(playwrightReport, status),
      { ...browsers, PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
    )
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    process.stderr.write(`${error.message}\n${error.fix ? `${error.fix}\n` : ''}`)
    counts.push(wholeCount(1))
  } finally {
    end()
    rmSync(reports, { recursive: true, force: true })
  }
  const total = addCounts(counts)
  process.stdout.write(`${describeCounts(total)}\n`)
  process.exitCode = total.failed > 0 ? 1 : 0
}

await runMain(test)
