import { expect, test } from './support/test.ts'

test('a changed value is marked, says what the recipe has, and returns to it', async ({ page, shell, picture }) => {
  await page.goto(`${shell.origin}new-run/cifar10-resnet20`)
  const rate = page.getByRole('group', { name: 'Learning rate', exact: true })
  const box = rate.getByRole('textbox')
  const recipeValue = await box.inputValue()
  const section = page.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name: /^Optimisation/ })
  await expect(section).toHaveAccessibleName(/as in the recipe/)

  await box.fill('0.4')
  await expect(rate.getByText('changed')).toBeVisible()
  await expect(rate.getByText(`Recipe: ${recipeValue}`)).toBeVisible()
  await expect(section).toHaveAccessibleName(/1 setting changed|1 of \d+ changed/)
  await expect(page.getByText('1 value differs from the recipe')).toBeVisible()
  await picture('new-run-changed')

  await rate.getByRole('button', { name: 'Use the recipe’s value' }).click()
  await expect(box).toHaveValue(recipeValue)
  await expect(rate.getByText('changed')).toBeHidden()
  await expect(section).toHaveAccessibleName(/as in the recipe/)
  await expect(page.getByText('No change from the recipe')).toBeVisible()
})

test('a value out of range is refused beside its field, and the run cannot start', async ({ page, shell }) => {
  await page.goto(`${shell.origin}new-run/cifar10-resnet20`)
  const batch = page.getByRole('group', { name: 'Batch size', exact: true })
  await batch.getByRole('textbox').fill('0')
  await expect(batch.getByRole('alert')).toContainText('from 1 to 65')
  const before = page.getByRole('complementary', { name: 'Before the start' })
  await expect(before.getByRole('button', { name: /^Start/ })).toBeDisabled()
  await batch.getByRole('textbox').press('Alt+r')
  await expect(batch.getByRole('textbox')).toHaveValue('128')
  await expect(before.getByRole('button', { name: /^Start/ })).toBeEnabled()
})

test('an edit survives leaving the form and coming back', async ({ page, shell }) => {
  await page.goto(`${shell.origin}new-run/cifar10-resnet32`)
  const momentum = page.getByRole('group', { name: 'Momentum', exact: true }).getByRole('textbox')
  await momentum.fill('0.8')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Home' }).click()
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('New run')
  await page.goBack()
  await expect(momentum).toHaveValue('0.8')
})
