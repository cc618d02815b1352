// A Chromium for tests: the user's own, one of the machine, or one from the package manager.
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { packageProgram } from './app-folder.mjs'
import { findNode24 } from './node24.mjs'
import { runQuietly } from './run-program.mjs'
import { SetUpError } from './steps.mjs'
import { canInstallPackages, findProgram, installPackages } from './system-packages.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const appPlaces = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
  linux: [],
}
const playwrightCaches = {
  darwin: join(homedir(), 'Library/Caches/ms-playwright'),
  win32: join(process.env.LOCALAPPDATA ?? '', 'ms-playwright'),
  linux: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright'),
}
const playwrightPrograms = [
  'chrome-linux/chrome',
  'chrome-linux64/chrome',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-win/chrome.exe',
]

function ofPlaywright() {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? playwrightCaches[process.platform]
  if (!cache || !existsSync(cache)) return undefined
  return readdirSync(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort()
    .reverse()
    .flatMap((name) => playwrightPrograms.map((program) => join(cache, name, program)))
    .find((path) => existsSync(path))
}

function findChromium() {
  const named = process.env.CHROME_PATH
  if (named) {
    if (existsSync(named)) return named
    throw new SetUpError(`CHROME_PATH names no file: ${named}`, 'Correct or unset it.')
  }
  const found = findProgram(...names) ?? appPlaces[process.platform]?.find((path) => existsSync(path))
  // Ubuntu's chromium-browser is a script that only tells to use snap, where snap is absent.
  return found ?? ofPlaywright() ?? null
}

/** Finds or installs a Chromium. */
export async function ensureChromium(progress) {
  let path = findChromium()
  if (path === null && canInstallPackages()) {
    await installPackages(progress, ['chromium'])
    path = findChromium()
  }
  if (path === null) {
    progress('fetching it by Playwright')
    await runQuietly(findNode24(), [packageProgram('@playwright/test', 'playwright'), 'install', 'chromium'], {
      timeoutMs: 300_000,
    })
    path = findChromium()
  }
  if (path !== null) return { path, words: path }
  throw new SetUpError('The tests need a Chromium.', 'Install Chromium or Chrome, or name its program in CHROME_PATH.')
}
