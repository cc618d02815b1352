import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { detectFixture, expectedOf, fixtureIn, readFiles, summaryOf, writeFiles } from './fixtures.ts'

const kit = 'ILSVRC2012_devkit_t12'

it('takes the training archive alone, read in place', async () => {
  const folder = fixtureIn('folder', 'imagenet', 'tars')
  const detected = await detectFixture(join(folder, 'ILSVRC2012_img_train.tar'))
  expect(detected).toMatchObject({
    reader: 'imagenet',
    classes: ['n01440764', 'n02119789', 'n03126707'],
    reason: 'Looks like ImageNet: 3 archives named nNNNNNNNN.tar.',
  })
  const expected = expectedOf('imagenet').tars?.pictures?.filter(({ part }) => part === 'train')
  const found = await summaryOf(detected)
  expect(found.pictures?.map(({ sha256 }) => sha256)).toEqual(expected?.map(({ sha256 }) => sha256))
  expect(found.pictures?.every(({ part }) => part === null)).toBe(true)
})

it('asks for the development kit where validation pictures lie in one folder', async () => {
  const folder = fixtureIn('folder', 'imagenet', 'folders')
  const truth = readFileSync(join(folder, kit, 'data', 'ILSVRC2012_validation_ground_truth.txt'))
  rmSync(join(folder, kit), { recursive: true })
  const refusal = {
    code: 'data-missing',
    message: 'Nothing says the classes of the validation pictures of ImageNet',
    fix: expect.stringContaining('Put ILSVRC2012_devkit_t12.tar.gz'),
  }
  await expect(detectFixture(folder)).rejects.toMatchObject(refusal)
  // Its order is not that of the sorted synsets, so the ground truth alone says nothing.
  writeFileSync(join(folder, 'ILSVRC2012_validation_ground_truth.txt'), truth)
  await expect(detectFixture(folder)).rejects.toMatchObject(refusal)
})

it('takes the kit in every form, and a list of synsets in its place', async () => {
  const tars = fixtureIn('folder', 'imagenet', 'tars')
  const parts = new Set<string>()
  const expectParts = async (folder: string) => {
    const { classes, pictures } = await readFiles(await detectFixture(folder))
    const val = pictures.filter(({ part }) => part === 'val')
    expect(val).toHaveLength(4)
    parts.add(val.map(({ label }) => classes[label]?.slice(0, 9)).join())
  }
  const folder = fixtureIn('folder', 'imagenet', 'folders')
  await expectParts(folder)
  for (const name of ['meta.mat', 'ILSVRC2012_validation_ground_truth.txt']) {
    copyFileSync(join(folder, kit, 'data', name), join(folder, name))
  }
  rmSync(join(folder, kit), { recursive: true })
  await expectParts(folder)
  rmSync(join(folder, 'meta.mat'))
  copyFileSync(join(tars, `${kit}.tar.gz`), join(folder, 'val', `${kit}.tar.gz`))
  await expectParts(folder)
  rmSync(join(folder, 'val', `${kit}.tar.gz`))
  const synsets = 'n03126707\nn01440764\nn02119789\nn03126707\n'
  writeFileSync(join(folder, 'imagenet_2012_validation_synset_labels.txt'), synsets)
  await expectParts(folder)
  expect([...parts]).toEqual([synsets.trim().replaceAll('\n', ',')])
})

it('tells of validation pictures without a class, and of classes without pictures', async () => {
  const folder = fixtureIn('folder', 'imagenet', 'kaggle')
  const inner = join(folder, 'ILSVRC', 'Data', 'CLS-LOC')
  writeFiles(['val/ILSVRC2012_val_00000099.JPEG', 'val/notes.txt', 'train/n00000001/notes.txt'], inner)
  const detected = await detectFixture(folder)
  const { pictures, problems } = await readFiles(detected)
  expect(pictures).toHaveLength(10)
  expect(problems).toEqual([
    { name: 'ILSVRC/Data/CLS-LOC/train/n00000001', reason: 'A class without pictures' },
    {
      name: 'ILSVRC/Data/CLS-LOC/val/ILSVRC2012_val_00000099.JPEG',
      reason: 'LOC_val_solution.csv gives it no class of train',
    },
  ])
})

it('refuses folders of val that train has not', async () => {
  const folder = writeFiles([
    'train/n00000001/a.JPEG',
    'train/n00000002/b.JPEG',
    'val/n00000001/c.JPEG',
    'val/n00000003/d.JPEG',
  ])
  await expect(detectFixture(folder)).rejects.toMatchObject({ code: 'data-format', found: 'also n00000003' })
})

it('refuses archives that were cut off or are others', async () => {
  const folder = fixtureIn('folder', 'imagenet', 'tars')
  const tar = join(folder, 'ILSVRC2012_img_train.tar')
  const bytes = readFileSync(tar)
  writeFileSync(tar, bytes.subarray(0, 12_000))
  await expect(detectFixture(folder)).rejects.toMatchObject({ code: 'data-truncated' })
  copyFileSync(join(folder, 'ILSVRC2012_img_val.tar'), tar)
  await expect(detectFixture(folder)).rejects.toMatchObject({ code: 'data-format', found: '0 of them' })
})
