// The app on a data folder of its own whose window can be closed and opened again while the engine goes on.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readHostAddress } from '../../src-main/launch/host-address.ts'
import { openBrowserShell } from './browser-shell.ts'
import { closeWindow, openDesktopShell } from './desktop-shell.ts'
import { withHostApi } from './host-api.ts'
import { end } from './processes.ts'
import { test as base, type Shell, type ShellOptions } from './test.ts'

export interface ReopeningApp {
  dataDir: string
  open(): Promise<Pick<Shell, 'page' | 'origin' | 'hostPid'>>
  /** The engine goes on; `open` comes next. */
  closeWindow(): Promise<void>
}

/** On the desktop the whole app ends with its window; in a browser a page is closed. */
export const test = base.extend<{ app: ReopeningApp }, ShellOptions>({
  app: async ({ shellKind }, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), `reprise-${shellKind}-reopened-`))
    const desktop = shellKind === 'electron'
    let close = async () => {}
    let kill = async () => {}
    let browser: Shell | null = null
    await use({
      dataDir,
      async open() {
        if (!desktop) {
          browser ??= await openBrowserShell(dataDir)
          const page = browser.page.isClosed() ? await browser.openSecondWindow() : browser.page
          close = () => page.close()
          return { ...browser, page }
        }
        const shell = await openDesktopShell(dataDir, { profile: join(dataDir, 'profile') })
        await withHostApi(dataDir, (api) => api.settings.set.mutate({ background: true }))
        close = () => closeWindow(shell)
        kill = () => end(shell.appPid, 'SIGKILL')
        return shell
      },
      closeWindow: () => close(),
    })
    await kill()
    await (browser as Shell | null)?.close()
    const left = readHostAddress(dataDir)
    if (left) await end(left.pid, 'SIGTERM')
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  },
})
