import { runDetail, startLongRun, trainedSteps, withHostApi } from './support/host-api.ts'
import { childrenOf } from './support/processes.ts'
import { test as base, expect } from './support/test.ts'

/** A training that goes on until the test ends it; stopped at the latest with the test. */
const test = base.extend<{ runId: string }>({
  runId: async ({ dataDir }, use) => {
    const id = await startLongRun(dataDir)
    await expect.poll(() => trainedSteps(dataDir, id), { timeout: 60_000 }).toBeGreaterThan(0)
    await use(id)
    await withHostApi(dataDir, async (api) => {
      const { status } = await api.runs.get.query({ id })
      if (status === 'running') await api.runs.stop.mutate({ runId: id, mode: 'now' })
    })
    await expect.poll(async () => (await runDetail(dataDir, id)).status).not.toMatch(/running|stopping/)
  },
})

test('a run is stopped from its page and keeps what it has', async ({ page, shell, dataDir, runId, picture }) => {
  await page.goto(`${shell.origin}runs/${runId}`)
  await page.getByRole('button', { name: 'Stop…' }).click()
  await picture('run-stop-menu')
  await page.getByRole('menuitem', { name: /Stop now and keep/ }).click()
  await expect(page.getByRole('link', { name: 'Run again' }).first()).toBeVisible()
  const run = await runDetail(dataDir, runId)
  expect(run.status).toBe('stopped')
  expect(run.seeds[0]?.step).toBeGreaterThan(0)
  await page.reload()
  await expect(
    page
      .getByText('run was stopped', { exact: false })
      .or(page.getByText(/stopped \d/))
      .first(),
  ).toBeVisible()
})

test('a killed worker leaves a reason that can be read, and a way on', async ({ page, shell, runId, picture }) => {
  await page.goto(`${shell.origin}runs/${runId}`)
  await expect(page.getByRole('button', { name: 'Stop…' })).toBeVisible()
  const [worker] = childrenOf(shell.hostPid, 'worker/main.ts')
  process.kill(worker ?? 0, 'SIGKILL')
  const broken = page.getByRole('region', { name: 'The training process ended' })
  await expect(broken).toContainText(/stopped at epoch [\d.]+, step [\d,]+/)
  await expect(broken).toContainText(/repeated|begins anew/)
  await expect(page.getByRole('button', { name: /^Resume/ }).first()).toBeVisible()
  await picture('run-failed')
})

test('two windows see the same live run', async ({ page, shell, runId }) => {
  const second = await shell.openSecondWindow()
  try {
    const bars = [page, second].map((window) => window.getByRole('progressbar', { name: 'Seed 1' }))
    for (const window of [page, second]) await window.goto(`${shell.origin}runs/${runId}`)
    const steps = async () => {
      const texts = await Promise.all(bars.map((bar) => bar.getAttribute('aria-valuetext')))
      return texts.map((text) => Number(/step ([\d,]+)/.exec(text ?? '')?.[1]?.replaceAll(',', '')))
    }
    await expect.poll(async () => Math.min(...(await steps()))).toBeGreaterThan(0)
    const start = Math.max(...(await steps()))
    await expect.poll(async () => Math.min(...(await steps()))).toBeGreaterThan(start)

    // What one window does, the other shows.
    await page.getByRole('button', { name: 'Stop…' }).click()
    await page.getByRole('menuitem', { name: /Stop now and keep/ }).click()
    await expect(second.getByRole('link', { name: 'Run again' }).first()).toBeVisible()
  } finally {
    await second.close()
  }
})
