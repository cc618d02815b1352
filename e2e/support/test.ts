// The `test` of all scenarios: one window of the app, in Chromium against a host or in Electron, shared by a project.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, type Page } from '@playwright/test'
import { openBrowserShell } from './browser-shell.ts'
import { openDesktopShell } from './desktop-shell.ts'

export type ShellKind = 'chromium' | 'electron'

export interface ShellOptions {
  shellKind: ShellKind
}

/** The app as a reader has it before him. */
export interface Shell {
  page: Page
  /** Address of the host's page, with a slash at the end. */
  origin: string
  hostPid: number
  openSecondWindow(): Promise<Page>
  close(): Promise<void>
}

interface TestFixtures {
  /** Takes a picture of the whole window for looking at. */
  picture: (name: string) => Promise<void>
}

export const test = base.extend<TestFixtures & { page: Page }, ShellOptions & { dataDir: string; shell: Shell }>({
  shellKind: ['chromium', { scope: 'worker', option: true }],

  dataDir: [
    async ({ shellKind }, use) => {
      const folder = await mkdtemp(join(tmpdir(), `reprise-${shellKind}-`))
      await use(folder)
      await rm(folder, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],

  shell: [
    async ({ shellKind, dataDir }, use) => {
      const shell = await (shellKind === 'electron' ? openDesktopShell(dataDir) : openBrowserShell(dataDir))
      await use(shell)
      await shell.close()
    },
    { scope: 'worker' },
  ],

  page: async ({ shell }, use) => {
    await shell.page.goto(shell.origin)
    await use(shell.page)
  },

  picture: async ({ page, shellKind }, use) => {
    await use(async (name) => {
      await page.screenshot({ path: `test-results/screens/${shellKind}/${name}.png` })
    })
  },
})

export { expect } from '@playwright/test'
