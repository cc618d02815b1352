import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { MessageBoxReturnValue } from 'electron'
import { readHostAddress } from '../../src-main/launch/host-address.ts'
import { closeWindow, type DesktopShell, openDesktopShell } from '../support/desktop-shell.ts'
import { runDetail, startLongRun, trainedSteps, withHostApi } from '../support/host-api.ts'
import { end, isAlive } from '../support/processes.ts'
import { test as base, expect } from '../support/test.ts'

/** Launches of the app on one data folder and one profile of their own, ended with the test. */
const test = base.extend<{ home: string; profile: string; launch: () => Promise<DesktopShell> }>({
  home: async ({ shellKind }, use) => {
    const folder = await mkdtemp(join(tmpdir(), `reprise-life-${shellKind}-`))
    await use(folder)
    // The last engine to run here, whichever it was: it takes its workers along and leaves the folder alone.
    const left = readHostAddress(folder)
    if (left) await end(left.pid, 'SIGTERM')
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  profile: async ({ home }, use) => use(join(home, 'profile')),
  launch: async ({ home, profile }, use) => {
    const shells: DesktopShell[] = []
    await use(async () => {
      const shell = await openDesktopShell(home, { profile })
      shells.push(shell)
      return shell
    })
    for (const { appPid } of shells) await end(appPid, 'SIGKILL')
  },
})

/** Starts a long training and waits until it has trained some steps. */
async function startTraining(home: string): Promise<string> {
  const runId = await startLongRun(home)
  await expect.poll(() => trainedSteps(home, runId), { timeout: 30_000 }).toBeGreaterThan(0)
  return runId
}

test('the engine is gone after the app was killed', async ({ launch }) => {
  const { app, hostPid } = await launch()
  expect(isAlive(hostPid)).toBe(true)
  app.process().kill('SIGKILL')
  await expect.poll(() => isAlive(hostPid)).toBe(false)
})

test('a training ends with a killed app, and the next start says why it ended', async ({ launch, home }) => {
  const { app, hostPid } = await launch()
  const runId = await startTraining(home)
  app.process().kill('SIGKILL')
  await expect.poll(() => isAlive(hostPid), { timeout: 15_000 }).toBe(false)

  await launch()
  const later = await runDetail(home, runId)
  expect(['stopped', 'failed']).toContain(later.status)
  expect(later.error?.message ?? '').toContain('Training')
})

test('a second start hands over to the first and ends', async ({ launch, home, profile }) => {
  const { app } = await launch()
  const told = app.evaluate(({ app }) => new Promise<void>((done) => app.once('second-instance', () => done())))
  const electron = createRequire(import.meta.url)('electron') as unknown as string
  const second = spawn(electron, ['--no-sandbox', `--user-data-dir=${profile}`, resolve('.')], {
    env: { ...process.env, REPRISE_HOME: home },
    stdio: 'ignore',
  })
  const [code] = await once(second, 'exit')
  expect(code).toBe(0)
  await told
})

test('a dead engine is started again on the same port, and the page goes on by itself', async ({ launch }) => {
  const { page, hostPid, origin } = await launch()
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
  process.kill(hostPid, 'SIGKILL')
  const state = () => page.evaluate(() => window.desktop?.hostState())
  await expect
    .poll(async () => {
      const now = await state()
      return now?.status === 'ready' && now.pid !== hostPid
    })
    .toBe(true)
  expect(await state()).toMatchObject({ url: origin })
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Runs' })).toBeVisible()
  expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
})

test('a training that its engine took along can go on, in the same window', async ({ launch, home }) => {
  const { page, hostPid, origin } = await launch()
  const runId = await startTraining(home)
  await page.goto(`${origin}runs/${runId}`)
  process.kill(hostPid, 'SIGKILL')
  const resume = page.getByRole('button', { name: /^Resume/ }).first()
  await expect(resume).toBeVisible()
  const broken = await runDetail(home, runId)
  expect(broken.interruption).toMatchObject({ cause: 'host-died' })
  await resume.click()
  await expect
    .poll(() => trainedSteps(home, runId), { timeout: 60_000 })
    .toBeGreaterThan(broken.interruption?.step ?? 0)
})

test('training in the background survives the window, and the next start shows it', async ({ launch, home }) => {
  const first = await launch()
  await withHostApi(home, (api) => api.settings.set.mutate({ background: true }))
  const runId = await startTraining(home)
  await closeWindow(first)
  expect(isAlive(first.hostPid)).toBe(true)
  const before = await trainedSteps(home, runId)
  await expect.poll(() => trainedSteps(home, runId)).toBeGreaterThan(before)

  const second = await launch()
  expect(second.hostPid).toBe(first.hostPid)
  await second.page.goto(`${second.origin}runs/${runId}`)
  await expect(second.page.getByRole('heading', { name: 'Long sample' })).toBeVisible()

  // A second window is only a visitor: it closes without a question, and the training goes on.
  await closeWindow(second)
  const left = await trainedSteps(home, runId)
  await expect.poll(() => trainedSteps(home, runId)).toBeGreaterThan(left)
  const third = await launch()
  expect(third.hostPid).toBe(first.hostPid)

  // The engine in the background ends when its work is done and nobody looks any more.
  await withHostApi(home, (api) => api.runs.stop.mutate({ runId, mode: 'now' }))
  await expect.poll(async () => (await runDetail(home, runId)).status, { timeout: 20_000 }).toBe('stopped')
  expect(isAlive(first.hostPid)).toBe(true)
  await closeWindow(third)
  await expect.poll(() => isAlive(first.hostPid)).toBe(false)
})

test('closing while a run trains asks, stops it and keeps what it has', async ({ launch, home }) => {
  const { app, hostPid } = await launch()
  const runId = await startTraining(home)
  const asked = app.evaluate(
    ({ dialog }) =>
      new Promise<string[]>((done) => {
        dialog.showMessageBox = (async (...given: unknown[]): Promise<MessageBoxReturnValue> => {
          const { message, buttons } = given.at(-1) as { message: string; buttons: string[] }
          done([message, ...buttons])
          return { response: 1, checkboxChecked: false }
        }) as typeof dialog.showMessageBox
      }),
  )
  const closed = app.waitForEvent('close')
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  expect(await asked).toEqual(['Long sample is still training', 'Go on in the background', 'Stop and keep', 'Cancel'])
  await closed
  await expect.poll(() => isAlive(hostPid)).toBe(false)

  await launch()
  expect((await runDetail(home, runId)).status).toBe('stopped')
})
