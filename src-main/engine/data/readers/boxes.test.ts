import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { detectFixture, fixtureIn, readFiles, writeFiles } from './fixtures.ts'

describe('COCO', () => {
  it('says why pictures are left out', async () => {
    const detected = await detectFixture(fixtureIn('folder', 'coco', 'single'), 'single')
    expect((await readFiles(detected)).problems).toEqual([
      { name: 'b.jpg', reason: 'Boxes of 2 classes' },
      { name: 'c.jpg', reason: 'Boxes of 2 classes' },
      { name: 'd.jpg', reason: 'No box, so no class' },
    ])
    expect(detected).toMatchObject({ total: 2 })
  })

  it('is read from a file alone with the pictures beside it, and from the exports of annotation tools', async () => {
    const folder = fixtureIn('folder', 'coco', 'largest')
    const annotations = readFileSync(join(folder, 'annotations', 'instances_train2017.json'))
    const beside = join(folder, 'train2017')
    writeFileSync(join(beside, 'labels.json'), annotations)
    for (const path of [join(beside, 'labels.json'), beside]) {
      const detected = await detectFixture(path, 'largest')
      expect(detected).toMatchObject({ reader: 'coco', classes: ['person', 'cat', 'dog'] })
      const { pictures } = await readFiles(detected)
      expect(pictures.map(({ name, part }) => [name, part])).toEqual(
        ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => [name, null]),
      )
    }
    mkdirSync(join(folder, 'export'))
    renameSync(beside, join(folder, 'export', 'train'))
    renameSync(
      join(folder, 'export', 'train', 'labels.json'),
      join(folder, 'export', 'train', '_annotations.coco.json'),
    )
    const { pictures } = await readFiles(await detectFixture(join(folder, 'export'), 'largest'))
    expect(pictures.map(({ part }) => part)).toEqual(['train', 'train', 'train'])
  })

  it('says what is missing when the pictures are not there', async () => {
    const folder = fixtureIn('folder', 'coco', 'most')
    await expect(detectFixture(join(folder, 'annotations', 'instances_val2017.json'))).rejects.toMatchObject({
      code: 'data-missing',
      expected: 'e.jpg',
      fix: 'Choose the folder that holds both the pictures and the annotations.',
    })
    rmSync(join(folder, 'train2017', 'a.jpg'))
    const { problems } = await readFiles(await detectFixture(folder, 'most'))
    expect(problems).toContainEqual({ name: 'a.jpg', reason: 'Listed, but there is no such file' })
  })

  it('never takes a picture from outside the folder', async () => {
    const folder = writeFiles({
      'a.png': '',
      '../secret.png': '',
      'labels.json': JSON.stringify({
        images: ['a.png', '../secret.png', '/etc/passwd'].map((file_name, id) => ({ id, file_name })),
        annotations: [0, 1, 2].map((image_id) => ({ image_id, category_id: 1, bbox: [0, 0, 1, 1] })),
        categories: [{ id: 1, name: 'thing' }],
      }),
    })
    const { pictures, problems } = await readFiles(await detectFixture(folder))
    expect(pictures.map(({ name }) => name)).toEqual(['a.png'])
    expect(problems.map(({ name }) => name)).toEqual(['../secret.png', '/etc/passwd'])
  })

  it('leaves other JSON to other readers', async () => {
    const folder = writeFiles({
      'cat/1.png': '',
      'dog/2.png': '',
      'package.json': '{"images": ["a"]}',
      'b.json': '[1, 2]',
    })
    expect((await detectFixture(folder)).reader).toBe('class-folders')
  })
})

describe('Pascal VOC', () => {
  it('tells of annotations that are broken or have no picture, and goes on', async () => {
    const folder = fixtureIn('folder', 'voc', 'largest')
    const inner = join(folder, 'VOCdevkit', 'VOC2012')
    writeFileSync(join(inner, 'Annotations', '2012_a.xml'), '<annotation><object><name>dog</na')
    writeFileSync(join(inner, 'Annotations', '2012_z.xml'), '<annotation></annotation>')
    const { pictures, problems } = await readFiles(await detectFixture(folder, 'largest'))
    expect(pictures.map(({ name }) => name)).toEqual(['b', 'c', 'e'].map((name) => `JPEGImages/2012_${name}.jpg`))
    expect(problems.map(({ name }) => name)).toEqual([
      'JPEGImages/2012_a.jpg',
      'JPEGImages/2012_d.jpg',
      'Annotations/2012_z.xml',
    ])
  })

  it('is not blown up by entities that stand for each other', async () => {
    const folder = fixtureIn('folder', 'voc', 'largest')
    const entities = Array.from({ length: 12 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(20)}">`).join('')
    const bomb = `<!DOCTYPE x [<!ENTITY e0 "ha">${entities}]><annotation><object><name>&e12;</name></object></annotation>`
    writeFileSync(join(folder, 'VOCdevkit', 'VOC2012', 'Annotations', '2012_a.xml'), bomb)
    const start = process.cpuUsage()
    const { classes } = await readFiles(await detectFixture(folder, 'largest'))
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000)
    for (const name of classes) expect(name.length).toBeLessThan(1000)
  })

  it('sets trainval apart as training pictures, and nothing without lists', async () => {
    const folder = join(fixtureIn('folder', 'voc', 'most'), 'VOCdevkit', 'VOC2012')
    const lists = join(folder, 'ImageSets', 'Main')
    renameSync(join(lists, 'train.txt'), join(lists, 'trainval.txt'))
    renameSync(join(lists, 'val.txt'), join(lists, 'test.txt'))
    const parts = async () => (await readFiles(await detectFixture(folder, 'most'))).pictures.map(({ part }) => part)
    expect(await parts()).toEqual(['train', 'train', 'train', 'test'])
    rmSync(join(folder, 'ImageSets'), { recursive: true })
    expect(await parts()).toEqual([null, null, null, null])
  })
})
