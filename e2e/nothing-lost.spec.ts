import type { Page } from '@playwright/test'
import { queueSample, runDetail, startLongRun, trainedSteps, withHostApi } from './support/host-api.ts'
import { childrenOf } from './support/processes.ts'
import { test } from './support/reopening-app.ts'
import { expect } from './support/test.ts'

const waiting = (page: Page) => page.getByRole('complementary', { name: 'Sidebar' }).getByRole('listitem')

/** Names of the waiting runs in the order of the side bar. */
const queue = async (page: Page) => (await waiting(page).allTextContents()).map((text) => text.trim())

test('paused, killed, resumed, queued and closed: everything is there again', async ({ app }) => {
  // Three starts of a training process and two of the app.
  test.slow()
  const { dataDir } = app
  const { page, origin, hostPid } = await app.open()
  const workers = () => childrenOf(hostPid, 'worker/main.ts')

  const runId = await startLongRun(dataDir)
  await page.goto(`${origin}runs/${runId}`)
  await expect.poll(() => trainedSteps(dataDir, runId), { timeout: 60_000 }).toBeGreaterThan(20)

  // Paused: the state is saved and the device is free.
  await page.getByRole('button', { name: 'How to pause' }).click()
  await page.getByRole('menuitem', { name: /^Pause and free the device/ }).click()
  await expect(page.getByRole('region', { name: 'Paused' })).toContainText('nothing is lost')
  await expect.poll(workers).toEqual([])
  const paused = await runDetail(dataDir, runId)
  expect(paused.interruption).toMatchObject({ cause: 'paused', repeatedSeconds: 0 })
  const pausedAt = paused.interruption?.saved?.step ?? 0
  expect(pausedAt).toBeGreaterThan(20)

  await page
    .getByRole('button', { name: /^Resume/ })
    .first()
    .click()
  await expect.poll(() => trainedSteps(dataDir, runId), { timeout: 60_000 }).toBeGreaterThan(pausedAt)

  // Killed: the page says what happened and what is repeated, and the run goes on from what is saved.
  const [worker] = workers()
  process.kill(worker ?? 0, 'SIGKILL')
  const broken = page.getByRole('region', { name: 'The training process ended' })
  await expect(broken).toContainText(/stopped at epoch [\d.]+, step [\d,]+/)
  await expect(page.getByRole('complementary', { name: 'Sidebar' })).toContainText('its process ended')
  const killed = await runDetail(dataDir, runId)
  const savedAt = killed.interruption?.saved?.step ?? 0
  expect(savedAt).toBeGreaterThanOrEqual(pausedAt)
  await page.getByRole('button', { name: 'Resume Long sample' }).click()
  await expect.poll(() => trainedSteps(dataDir, runId), { timeout: 60_000 }).toBeGreaterThan(savedAt)

  // Three more wait, in an order and with a priority that the reader gives them.
  for (const name of ['Sample A', 'Sample B', 'Sample C']) await queueSample(dataDir, name)
  await expect.poll(() => queue(page)).toEqual(['Sample A', 'Sample B', 'Sample C'])
  await waiting(page).filter({ hasText: 'Sample C' }).getByRole('button').click()
  await page.getByRole('menuitem', { name: 'High priority' }).click()
  await expect.poll(() => queue(page)).toEqual(['Sample C', 'Sample A', 'Sample B'])
  await waiting(page).filter({ hasText: 'Sample B' }).getByRole('link').press('Alt+ArrowUp')
  const order = ['Sample C', 'Sample B', 'Sample A']
  await expect.poll(() => queue(page)).toEqual(order)
  // A change of the order is taken back and done again.
  await page.keyboard.press('Control+z')
  await expect.poll(() => queue(page)).toEqual(['Sample C', 'Sample A', 'Sample B'])
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(() => queue(page)).toEqual(order)

  // The window closes, the engine trains on, and the next window finds all of it.
  await app.closeWindow()
  const before = await trainedSteps(dataDir, runId)
  await expect.poll(() => trainedSteps(dataDir, runId)).toBeGreaterThan(before)
  const later = await app.open()
  expect(later.hostPid).toBe(hostPid)
  await expect.poll(() => queue(later.page)).toEqual(order)
  await later.page.goto(`${later.origin}runs/${runId}`)
  await expect(later.page.getByRole('heading', { name: 'Long sample' })).toBeVisible()
  await expect(later.page.getByText(/^Training/).first()).toBeVisible()

  // To the bin and back: it can still go on from where it was stopped.
  await withHostApi(dataDir, async (api) => {
    await api.runs.holdQueue.mutate({ held: true })
    await api.runs.stop.mutate({ runId, mode: 'now' })
  })
  await expect.poll(async () => (await runDetail(dataDir, runId)).status).toBe('stopped')
  const stopped = await runDetail(dataDir, runId)
  await later.page.goto(`${later.origin}runs`)
  const row = later.page.getByRole('row').filter({ hasText: 'Long sample' })
  await row.getByRole('checkbox').click()
  await later.page.getByRole('button', { name: 'Move to bin' }).click()
  await expect(row).toHaveCount(0)
  await later.page.getByRole('navigation', { name: 'Runs and bin' }).getByRole('link', { name: /^Bin/ }).click()
  await expect(row).toContainText(/\d\s(KB|MB)/)
  await later.page.keyboard.press('Control+z')
  await expect(row).toHaveCount(0)
  await later.page.getByRole('navigation', { name: 'Runs and bin' }).getByRole('link', { name: /^Runs/ }).click()
  await expect(row).toHaveCount(1)
  const restored = await runDetail(dataDir, runId)
  expect(restored.checkpoints).toEqual(stopped.checkpoints)
  expect(restored.interruption).toEqual(stopped.interruption)
})
