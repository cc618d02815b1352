import { expect, test } from './support/test.ts'

test('the palette opens by key and goes to Runs', async ({ page, shell, picture }) => {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Command palette' })
  await expect(palette).toBeVisible()
  await page.keyboard.type('runs')
  await expect(palette.getByRole('option', { name: /Go to Runs/ })).toBeVisible()
  await picture('palette')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${shell.origin}runs`)
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await expect(palette).toBeHidden()
})

test('G and a letter go to views; Alt with arrows goes back and forward', async ({ page, shell }) => {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await expect(page).toHaveURL(`${shell.origin}recipes`)
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await expect(page).toHaveURL(`${shell.origin}datasets`)
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(page).toHaveURL(`${shell.origin}recipes`)
  await page.keyboard.press('Alt+ArrowRight')
  await expect(page).toHaveURL(`${shell.origin}datasets`)
})

test('theme and language switch at once and are kept', async ({ page, shell, picture }) => {
  const root = page.locator('html')
  await page.goto(`${shell.origin}settings/appearance`)
  const themes = page.getByRole('group', { name: 'Theme' })
  await themes.getByRole('button', { name: 'Dark' }).click()
  await expect(root).toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(root).toHaveAttribute('data-theme', 'dark')
  await picture('settings-dark')
  for (const [name, path] of [
    ['home-dark', ''],
    ['recipes-dark', 'recipes'],
    ['runs-dark', 'runs'],
    ['datasets-dark', 'datasets'],
  ] as const) {
    await page.goto(shell.origin + path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByText('Engine ready')).toBeVisible()
    await picture(name)
  }
  await page.keyboard.press('Alt+m')
  await expect(root).toHaveAttribute('data-theme', 'light')

  await page.goto(`${shell.origin}settings/language`)
  await page.getByRole('button', { name: '简体中文' }).first().click()
  await expect(root).toHaveAttribute('lang', /^zh/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('设置')
  await page.goto(`${shell.origin}new-run/mnist-lenet5`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await picture('new-run-zh')
  await page.goto(`${shell.origin}settings/language`)
  await page.getByRole('button', { name: 'English' }).first().click()
  await expect(root).toHaveAttribute('lang', 'en')
})
