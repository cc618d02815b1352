// From the first start to a verdict, on the real engine and real data.
import type { Page } from '@playwright/test'
import { withHostApi } from './support/host-api.ts'
import { expect, test } from './support/test.ts'

interface Target {
  recipeId: string
  title: string
  citation: string
  paper: string
}

/** LeNet-5 on MNIST, which is fetched; without a network on the sample that ships with the app. */
async function reachableTarget(dataDir: string): Promise<Target> {
  const status = await withHostApi(dataDir, async (api) => {
    await api.datasets.fetch.mutate({ id: 'mnist' })
    let dataset = (await api.datasets.list.query()).find(({ id }) => id === 'mnist')
    while (dataset?.status === 'fetching') {
      dataset = (await api.datasets.list.query()).find(({ id }) => id === 'mnist')
    }
    return dataset
  })
  if (status?.status === 'ready')
    return { recipeId: 'mnist-lenet5', title: 'LeNet-5 on MNIST', citation: 'LeCun', paper: '99.05' }
  expect(status?.error?.code).toBe('no-network')
  return { recipeId: 'fashion-sample', title: 'LeNet-5 on the Fashion-MNIST sample', citation: 'Xiao', paper: '82.00' }
}

async function fill(page: Page, setting: string, value: string): Promise<void> {
  await page.getByRole('textbox', { name: setting, exact: true }).fill(value)
}

test('start, choose the LeNet-5 recipe, train, see curves move, read the verdict, reload, still there', async ({
  page,
  shell,
  dataDir,
  picture,
}) => {
  await expect(page.getByRole('heading', { name: 'Reproduce a paper on this machine' })).toBeVisible()
  await expect(page.getByText('Engine ready')).toBeVisible()
  await picture('home-first')
  const { recipeId, title, citation, paper } = await reachableTarget(dataDir)

  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Recipes' }).click()
  await page.getByRole('row', { name: `LeNet-5 ${citation}` }).click()
  await expect(page.getByRole('heading', { name: title, level: 2 })).toBeVisible()
  await picture('recipes')
  await page.getByRole('link', { name: 'Set up run' }).click()
  await page.waitForURL(`${shell.origin}new-run/${recipeId}`)

  await fill(page, 'Name of the run', 'First verdict')
  await fill(page, 'Length', '2')
  await fill(page, 'Seeds', '1')
  const before = page.getByRole('complementary', { name: 'Before the start' })
  await expect(before.getByText('1 value differs from the recipe')).toBeVisible()
  await picture('new-run')
  await before.getByRole('button', { name: /^Start/ }).click()

  await page.waitForURL(/\/runs\/r-\d+/)
  await expect(page.getByRole('heading', { name: 'First verdict', level: 1 })).toBeVisible()
  const loss = page.getByRole('slider', { name: /^Loss of seed 1/ })
  const trainingLoss = async () => Number(/training ([\d.]+)/.exec((await loss.getAttribute('aria-label')) ?? '')?.[1])
  await expect.poll(trainingLoss, { timeout: 60_000 }).toBeGreaterThan(0)
  const early = await trainingLoss()
  await expect.poll(trainingLoss, { timeout: 60_000 }).toBeLessThan(early)
  const top1 = page.getByRole('slider', { name: /^Test top-1 of 1 seed, newest \d/ })
  await expect(top1).toBeVisible({ timeout: 60_000 })
  await picture('run-live')

  const tabs = page.getByRole('navigation', { name: 'Parts of the run' })
  await tabs.getByRole('link', { name: 'Verdict' }).click()
  const scale = page.getByRole('img', { name: new RegExp(`paper ${paper}`) })
  await expect(scale).toHaveAccessibleName(/: (inconclusive|not reproduced|no verdict)$/i, { timeout: 90_000 })
  await expect(page.getByText('Why this verdict.')).toBeVisible()
  await expect(page.getByText(/It was reached with one setting changed from the recipe: Length/)).toBeVisible()
  await picture('run-verdict')
  const spoken = await scale.getAttribute('aria-label')
  expect(Number(/^([\d.]+)/.exec(spoken ?? '')?.[1])).toBeGreaterThan(recipeId === 'mnist-lenet5' ? 90 : 5)

  await page.reload()
  await expect(page.getByRole('heading', { name: 'First verdict', level: 1 })).toBeVisible()
  await expect(scale).toHaveAccessibleName(spoken ?? '')
  await tabs.getByRole('link', { name: 'Curves' }).click()
  await expect(page.getByRole('slider', { name: /^Test top-1 of 1 seed/ })).toBeVisible()
  await picture('run-curves')
  await tabs.getByRole('link', { name: 'Config' }).click()
  await expect(page.getByText('matches the benchmark').or(page.getByText('is no known benchmark'))).toBeVisible()
  await picture('run-config')

  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Runs' }).click()
  await expect(page.getByRole('row', { name: /First verdict/ })).toBeVisible()
  await picture('runs')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Home' }).click()
  await expect(page.getByText(/First verdict finished/)).toBeVisible()
  await picture('home-later')
})
