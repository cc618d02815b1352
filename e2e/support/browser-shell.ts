// The interface in Chromium, against a host of its own.
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { spawnHost } from '../../src-main/launch/spawn-host.ts'
import type { Shell } from './test.ts'

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a host on `dataDir` and opens its page; CHROME_PATH names the browser, else Debian's chromium. */
export async function openBrowserShell(dataDir: string): Promise<Shell> {
  // A page names paths under the home folder and mounted disks; the pictures of the scenarios lie elsewhere.
  const env = { ...process.env, REPRISE_DATA_ROOTS: tmpdir() }
  const host = await spawnHost({ dataDir, uiDir: resolve('out/renderer'), attached: true, env })
  const browser = await chromium.launch({
    executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', ...quiet],
  })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(host.url)
  const origin = `http://127.0.0.1:${host.address.port}/`
  return {
    page,
    origin,
    hostPid: host.address.pid,
    async openSecondWindow() {
      const second = await context.newPage()
      await second.goto(origin)
      return second
    },
    async close() {
      await browser.close()
      await host.stop()
    },
  }
}
