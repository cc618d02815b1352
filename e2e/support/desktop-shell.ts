// The app in Electron: the one in ELECTRON_OVERRIDE_DIST_PATH, else the one that the electron package has installed.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, expect, type Page } from '@playwright/test'
import type { HostState } from '../../src-main/shared/desktop-bridge.ts'
import { isAlive } from './processes.ts'
import type { Shell } from './test.ts'

export interface DesktopShell extends Shell {
  app: ElectronApplication
  appPid: number
}

export interface DesktopOptions {
  /** Folder of the Electron profile; a fresh one when absent. */
  profile?: string
}

/** Launches the app on `dataDir` and waits until its window shows the host's page. */
export async function openDesktopShell(dataDir: string, options: DesktopOptions = {}): Promise<DesktopShell> {
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), 'reprise-profile-')))
  const app = await _electron.launch({
    args: ['--no-sandbox', `--user-data-dir=${profile}`, '--lang=en-US', resolve('.')],
    env: { ...(process.env as Record<string, string>), REPRISE_HOME: dataDir },
  })
  const page = await app.firstWindow()
  const host = await readyHost(page)
  return {
    app,
    appPid: app.process().pid ?? 0,
    page,
    origin: host.url,
    hostPid: host.pid,
    async openSecondWindow() {
      const opened = app.waitForEvent('window')
      await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('new-window')?.click())
      const second = await opened
      await readyHost(second)
      return second
    },
    async close() {
      await app.close()
      if (options.profile === undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Closes the window and waits until the app has ended; its engine may go on, so its pipes may stay open. */
export async function closeWindow({ app, appPid }: DesktopShell): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(() => isAlive(appPid)).toBe(false)
}

/** The host as the page is told of it, once the page is the host's own. */
export async function readyHost(page: Page): Promise<Extract<HostState, { status: 'ready' }>> {
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\//)
  const state = await page.evaluate(() => window.desktop?.hostState())
  if (state?.status !== 'ready') throw new Error(`The window shows no host: ${JSON.stringify(state)}`)
  return state
}
