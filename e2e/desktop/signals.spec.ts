import type { Notification } from 'electron'
import type { DesktopShell } from '../support/desktop-shell.ts'
import { withHostApi } from '../support/host-api.ts'
import { expect, test } from '../support/test.ts'

/** What the app told the system, kept in the app's own process. */
interface Told {
  progress: number[]
  blockers: number[]
  shown: Notification[]
}

type WithTold = typeof globalThis & { told: Told }

/** Writes down what the app tells the system from now on. */
async function listen({ app }: DesktopShell): Promise<void> {
  await app.evaluate(({ BrowserWindow, Notification, powerSaveBlocker }) => {
    const told: Told = { progress: [], blockers: [], shown: [] }
    Object.assign(globalThis, { told })
    BrowserWindow.prototype.setProgressBar = (fraction: number) => void told.progress.push(fraction)
    // Its own methods belong to each instance; how the app listens is what all of them share.
    const { on } = Notification.prototype
    Notification.prototype.on = function listen(this: Notification, ...given: Parameters<typeof on>) {
      if ((given[0] as string) === 'click') told.shown.push(this)
      return on.apply(this, given)
    } as typeof on
    const start = powerSaveBlocker.start.bind(powerSaveBlocker)
    powerSaveBlocker.start = (type) => {
      const id = start(type)
      told.blockers.push(id)
      return id
    }
  })
}

const toldOf = ({ app }: DesktopShell) =>
  app.evaluate(({ powerSaveBlocker }) => {
    const { progress, blockers, shown } = (globalThis as WithTold).told
    return {
      progress,
      awake: blockers.map((id) => powerSaveBlocker.isStarted(id)),
      shown: shown.map(({ title, body }) => `${title}: ${body}`),
    }
  })

const run = (name: string, epochs: number) => ({
  recipeId: 'fashion-sample',
  name,
  changes: { 'train.length': epochs, 'evaluation.every': epochs, 'seeds.count': 1 },
})

// Other scenarios share the window and its data folder, and one of them begins with the first start.
test.afterAll(async ({ shell, dataDir }) => {
  await (shell as DesktopShell).app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show())
  await withHostApi(dataDir, async (api) => {
    await api.settings.set.mutate({ keepAwake: true, notifyWhenDone: true })
    for (const { id } of await api.runs.list.query()) await api.runs.remove.mutate({ id })
    await api.storage.emptyBin.mutate()
  })
})

test('a run keeps the machine awake and shows on the taskbar; its end takes both back and is told beside a hidden window', async ({
  shell,
  dataDir,
}) => {
  const desktop = shell as DesktopShell
  const { app, page } = desktop
  await listen(desktop)
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  const { id } = await withHostApi(dataDir, (api) => api.runs.start.mutate(run('Hidden run', 1)))
  await expect.poll(async () => (await toldOf(desktop)).awake).toEqual([true])
  await expect.poll(async () => (await toldOf(desktop)).shown.length, { timeout: 60_000 }).toBe(1)
  const { progress, awake, shown } = await toldOf(desktop)
  expect(shown[0]).toMatch(/^Hidden run: .*\d+\.\d\d %$/)
  expect(awake).toEqual([false])
  expect(Math.max(...progress)).toBeGreaterThan(0)
  expect(progress.at(-1)).toBe(-1)

  await app.evaluate(() => (globalThis as WithTold).told.shown[0]?.emit('click'))
  await page.waitForURL(`**/runs/${id}**`)
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())).toBe(true)
})

test('the settings turn both off', async ({ shell, dataDir }) => {
  const desktop = shell as DesktopShell
  await listen(desktop)
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  await withHostApi(dataDir, (api) => api.settings.set.mutate({ keepAwake: false, notifyWhenDone: false }))
  const { id } = await withHostApi(dataDir, (api) => api.runs.start.mutate(run('Quiet run', 1)))
  await expect
    .poll(() => withHostApi(dataDir, async (api) => (await api.runs.get.query({ id })).status), { timeout: 60_000 })
    .toBe('finished')
  await expect.poll(async () => (await toldOf(desktop)).progress.at(-1)).toBe(-1)
  expect(await toldOf(desktop)).toMatchObject({ awake: [], shown: [] })
})
