import { expect, it } from 'vitest'
import { detectFixture, readFiles, writeFiles } from './fixtures.ts'

async function partsOf(files: readonly string[]) {
  const detected = await detectFixture(writeFiles(files))
  const { classes, pictures, problems } = await readFiles(detected)
  const rows = pictures.map(({ name, label, part }) => `${name} ${classes[label]} ${part}`)
  return {
    reader: detected.reader,
    rows,
    problems,
    classes,
    groups: pictures.map(({ group }) => group),
  }
}

it('numbers classes by train, where a part may lack some of them', async () => {
  const { rows, classes, groups, problems } = await partsOf([
    'Training/9/a.png',
    'Training/10/b.png',
    'Training/11/c.png',
    'valid/10/d.png',
    'valid/9/deep/e.jpg',
  ])
  expect(classes).toEqual(['9', '10', '11'])
  expect(rows).toEqual([
    'Training/9/a.png 9 train',
    'Training/10/b.png 10 train',
    'Training/11/c.png 11 train',
    'valid/9/deep/e.jpg 9 val',
    'valid/10/d.png 10 val',
  ])
  expect(groups).toEqual(['Training/9', 'Training/10', 'Training/11', 'valid/9/deep', 'valid/10'])
  expect(problems).toEqual([])
})

it('sets nothing apart where there is train alone', async () => {
  const { reader, rows } = await partsOf(['train/a/1.png', 'train/b/2.png', 'readme.md'])
  expect(reader).toBe('train-val-folders')
  expect(rows).toEqual(['train/a/1.png a null', 'train/b/2.png b null'])
})

it('tells of folders without pictures and of a test folder without labels', async () => {
  const { classes, problems } = await partsOf([
    'train/a/1.png',
    'train/b/2.png',
    'train/empty/notes.txt',
    'val/a/3.png',
    'test/0001.png',
  ])
  expect(classes).toEqual(['a', 'b'])
  expect(problems).toEqual([
    { name: 'train/empty', reason: 'A folder without pictures, which makes no class' },
    { name: 'test', reason: 'No folders of classes, so its pictures have no labels' },
  ])
})

it('refuses a part with classes of its own, and one without any where it is the only one', async () => {
  const train = ['train/a/1.png', 'train/b/2.png']
  await expect(partsOf([...train, 'test/c/3.png'])).rejects.toMatchObject({
    code: 'data-format',
    message: 'test does not have the classes of train',
    expected: 'a, b',
    found: 'also c',
  })
  await expect(partsOf([...train, 'test/3.png'])).rejects.toMatchObject({ found: 'no folders with pictures' })
  // A folder that holds no pictures is no class.
  expect((await partsOf([...train, 'test/a/3.png', 'test/notes/x.txt'])).classes).toEqual(['a', 'b'])
})

it('leaves hidden files and folders out', async () => {
  const { rows } = await partsOf(['train/a/1.png', 'train/a/.2.png', 'train/b/3.png', 'train/.c/4.png', 'test/a/5.png'])
  expect(rows).toEqual(['train/a/1.png a train', 'train/b/3.png b train', 'test/a/5.png a test'])
})
