import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withHostApi } from './support/host-api.ts'
import { makePictureFolder } from './support/picture-folder.ts'
import { expect, test } from './support/test.ts'

// One data set goes through its life: each scenario starts where the last one ended.
test.describe.configure({ mode: 'serial' })

let below: string
let folder: string
let nothing: string

test.beforeAll(async () => {
  below = await mkdtemp(join(tmpdir(), 'reprise-pictures-'))
  nothing = join(below, 'nothing')
  await mkdir(nothing)
  folder = await makePictureFolder(below)
})

test.afterAll(async () => {
  await rm(below, { recursive: true, force: true })
})

test('a folder is looked at, added, read and checked', async ({ page, shell, picture }) => {
  await page.goto(`${shell.origin}datasets`)
  await page.getByRole('button', { name: 'Add a data set…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a data set' })
  const path = dialog.getByRole('textbox', { name: 'Folder or file' })
  const add = dialog.getByRole('button', { name: 'Add data set' })

  await path.fill(nothing)
  await expect(dialog.getByRole('alert')).toBeVisible()
  await expect(add).toBeDisabled()
  await expect(dialog.getByText('Class folders', { exact: true })).toBeVisible()

  await path.fill(folder)
  await expect(dialog.getByText('2 classes')).toBeVisible()
  await picture('add-data-set')
  await add.click()

  await expect(page.getByRole('heading', { name: 'my pets', level: 1 })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Health report' })).toBeVisible({ timeout: 60_000 })
  const finding = (title: string) => page.getByRole('listitem').filter({ hasText: title })
  await expect(finding('Files that cannot be read')).toContainText('1 file is empty, cut short or damaged')
  await expect(finding('Test pictures that are in train')).toContainText('1 test picture has an exact copy in train')
  await picture('data-set-health')
})

test('leaving a finding out settles it, and can be undone', async ({ page, shell }) => {
  await page.goto(`${shell.origin}datasets/my-pets`)
  const finding = page.getByRole('listitem').filter({ hasText: 'Files that cannot be read' })
  await finding.getByRole('button', { name: 'Leave out' }).click()
  await expect(finding.getByText('1 of 1 left out')).toBeVisible()
  await expect(page.getByText('The fingerprint of the data set changes with it.')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(finding.getByText('1 of 1 left out')).toBeHidden()
  await expect(finding.getByRole('button', { name: 'Leave out' })).toBeVisible()

  await finding.getByRole('button', { name: 'Leave out' }).click()
  await expect(finding.getByText('1 of 1 left out')).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(finding.getByText('1 of 1 left out')).toBeHidden()
})

test('the grid of pictures is worked by keys alone', async ({ page, shell, picture }) => {
  await page.goto(`${shell.origin}datasets/my-pets/pictures`)
  const grid = page.getByRole('grid')
  await expect(grid).toHaveAccessibleName(/^34 pictures/)
  await grid.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(page.getByText('2 pictures marked')).toBeVisible()
  await picture('data-set-pictures')

  await page.keyboard.press('Space')
  const zoom = page.getByRole('dialog', { name: 'Picture' })
  await expect(zoom.getByText('3 of 34')).toBeVisible()
  await expect(zoom.getByRole('img')).toHaveJSProperty('complete', true)
  await page.keyboard.press('ArrowRight')
  await expect(zoom.getByText('4 of 34')).toBeVisible()
  await page.keyboard.press('+')
  await expect(zoom.getByText('2 ×')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(zoom).toBeHidden()

  await page.keyboard.press('Delete')
  await expect(page.getByText('2 left out')).toBeVisible()
  await page.getByRole('group', { name: 'Left out or not' }).getByRole('button', { name: 'Left out' }).click()
  await expect(page.getByRole('grid')).toHaveAccessibleName(/^2 pictures/)
  await page.keyboard.press('Control+z')
  await expect(page.getByText('No picture matches')).toBeVisible()
})

test('a filter by class and part shows its pictures, and stays in the address', async ({ page, shell }) => {
  await page.goto(`${shell.origin}datasets/my-pets/pictures`)
  await page.getByRole('navigation', { name: 'Classes' }).getByRole('button', { name: /^dog/ }).click()
  await page.getByRole('group', { name: 'Part' }).getByRole('button', { name: 'Test' }).click()
  await expect(page.getByRole('grid')).toHaveAccessibleName(/^4 pictures/)
  await page.reload()
  await expect(page.getByRole('grid')).toHaveAccessibleName(/^4 pictures/)
})

test('another split is applied, said in words, and exported', async ({ page, shell, dataDir, picture }) => {
  await page.goto(`${shell.origin}datasets/my-pets/splits`)
  await expect(page.getByText('As the source sets the parts apart.')).toBeVisible()
  await page.getByRole('group', { name: 'Kind of split' }).getByRole('button', { name: 'By ratio' }).click()
  await page.getByRole('textbox', { name: 'Test' }).fill('25')
  await page.getByRole('textbox', { name: 'Validation' }).fill('25')
  await expect(page.getByText(/^About 1\d for training, \d for validation, \d for testing/)).toBeVisible()
  await page.getByRole('button', { name: 'Apply split' }).click()
  await expect(page.getByText(/25\s%.* for testing and 25\s%.* for validation, the same share/)).toBeVisible()
  await picture('data-set-split')
  const csv = await withHostApi(dataDir, (api) => api.datasets.exportSplit.query({ id: 'my-pets' }))
  expect(csv.trim().split('\n').length).toBeGreaterThan(30)
})

test('the preview shows sixteen inputs beside their originals, for any step', async ({
  page,
  shell,
  dataDir,
  picture,
}) => {
  await withHostApi(dataDir, (api) => api.datasets.fetch.mutate({ id: 'fashion-mnist-sample' }))
  await page.goto(`${shell.origin}new-run/fashion-sample`)
  const section = page.getByRole('region', { name: 'Augmentation' })
  await section.getByRole('button', { name: 'Show sixteen inputs' }).click()
  const inputs = section.getByRole('img', { name: /^as an input/ })
  await expect(inputs).toHaveCount(16, { timeout: 60_000 })
  await expect(section.getByRole('img', { name: /^original/ })).toHaveCount(16)
  const first = await inputs.first().getAttribute('src')
  await picture('network-inputs')
  await section.getByRole('slider', { name: 'Step' }).focus()
  await page.keyboard.press('End')
  await expect(inputs.first()).not.toHaveAttribute('src', first ?? '')
  await section.getByRole('button', { name: 'Hide' }).click()
})

test('a page in a browser says that it cannot learn the path of what is dropped', async ({ page, shellKind }) => {
  test.skip(shellKind === 'electron', 'the desktop learns the path')
  await page.evaluate(() => {
    const dropped = new DataTransfer()
    dropped.items.add(new File(['x'], 'pets.zip'))
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, cancelable: true }))
  })
  const dialog = page.getByRole('dialog', { name: 'Add a data set' })
  await expect(dialog.getByText('cannot learn where a dropped folder lies')).toBeVisible()
  await page.keyboard.press('Escape')
})

test('a folder dropped on the window is looked at where it lies', async ({ page, shellKind }) => {
  test.skip(shellKind !== 'electron', 'a page in a browser learns no path')
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [folder], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data })
  }
  const dialog = page.getByRole('dialog', { name: 'Add a data set' })
  await expect(dialog.getByRole('textbox', { name: 'Folder or file' })).toHaveValue(folder)
  await page.keyboard.press('Escape')
})

test('a data set is removed, and its files stay to be added again', async ({ page, shell }) => {
  await page.goto(`${shell.origin}datasets/my-pets`)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Remove…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page).toHaveURL(`${shell.origin}datasets`)
  await expect(page.getByRole('link', { name: 'my pets' })).toBeHidden()
})
