import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { boxRules, type ReaderName, readerNames } from '../../../shared/registry/readers.ts'
import { tarOf } from '../../formats/tar-writing.ts'
import { readers } from './detect.ts'
import { containers, detectFixture, expectedOf, fixtureIn, readFiles, summaryOf, writeFiles } from './fixtures.ts'

/** Those of make_containers.py, which records.test.ts reads; all others come from make_readers.py in tools/fixtures. */
const records: readonly ReaderName[] = ['webdataset', 'tfrecord', 'parquet']
const made = readerNames.filter((name) => !records.includes(name))

const byHash = (a: { sha256: string }, b: { sha256: string }) => (a.sha256 < b.sha256 ? -1 : 1)

for (const reader of made) {
  describe(reader, () => {
    for (const [name, expected] of Object.entries(expectedOf(reader))) {
      it.each(containers)(`finds in ${name} what the reference found, in a %s`, async (container) => {
        const rule = boxRules.find((candidate) => candidate === name)
        const detected = await detectFixture(fixtureIn(container, reader, name), rule)
        expect(detected).toMatchObject({ reader, label: name })
        const found = await summaryOf(detected)
        found.pictures?.sort(byHash)
        expected.pictures?.sort(byHash)
        expect(found).toEqual(expected)
      })
    }
  })
}

describe('detection', () => {
  it('asks a reader for every format that the app names, each one once', () => {
    expect(readers.map(({ name }) => name).sort()).toEqual([...readerNames].sort())
  })

  it('goes into a folder that has nothing beside it, at most three deep', async () => {
    const three = await detectFixture(writeFiles(['1/2/3/cat/a.png', '1/2/3/dog/b.png', '1/readme.txt']))
    expect(three).toMatchObject({ reader: 'class-folders', classes: ['cat', 'dog'] })
    const { pictures } = await readFiles(three)
    expect(pictures.map(({ location }) => location)).toEqual([
      { kind: 'file', path: '1/2/3/cat/a.png' },
      { kind: 'file', path: '1/2/3/dog/b.png' },
    ])
    await expect(detectFixture(writeFiles(['1/2/3/4/cat/a.png', '1/2/3/4/dog/b.png']))).rejects.toMatchObject({
      code: 'no-class-folders',
    })
    await expect(detectFixture(writeFiles(['x.png', '1/cat/a.png', '1/dog/b.png']))).rejects.toMatchObject({
      code: 'no-class-folders',
      found: expect.stringContaining('1 pictures, 1 folders (1) and 0 other files'),
    })
  })

  it('takes one file of raw pixels for the data set around it', async () => {
    for (const [reader, name, file] of [
      ['cifar-binary', 'cifar-10', 'test_batch.bin'],
      ['cifar-python', 'cifar-100', 'meta'],
      ['idx', 'mnist', 'train-images-idx3-ubyte.gz'],
      ['stl10', 'stl10_binary', 'class_names.txt'],
      ['svhn', 'plain', 'test_32x32.mat'],
    ] as const) {
      const path = join(fixtureIn('folder', reader, name), file)
      expect(existsSync(path)).toBe(true)
      const detected = await detectFixture(path)
      expect(detected.reader).toBe(reader)
      expect(await summaryOf(detected)).toEqual(expectedOf(reader)[name])
    }
  })

  it('takes a list for itself, whatever lies beside it', async () => {
    const folder = fixtureIn('folder', 'jsonl', 'metadata')
    writeFiles(['wnids.txt', 'train/n00000001/a.png', 'train/n00000002/b.png', 'other.jsonl'], folder)
    expect(await detectFixture(join(folder, 'metadata.jsonl'))).toMatchObject({ reader: 'jsonl', total: 5 })
  })

  it('refuses what is not there, and files and archives of other things, and says what it found', async () => {
    const folder = writeFiles(['notes.txt', 'cat/a.png', 'dog/b.png'])
    writeFileSync(join(folder, 'other.tar'), tarOf({ 'a.txt': Uint8Array.of(1), 'b/c.png': Uint8Array.of(2) }))
    writeFileSync(join(folder, 'other.tar.gz'), gzipSync(tarOf({ 'a.txt': Uint8Array.of(1) })))
    await expect(detectFixture(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'data-missing' })
    await expect(detectFixture(join(folder, 'notes.txt'))).rejects.toMatchObject({
      code: 'data-format',
      message: 'notes.txt is not a data set that can be read',
    })
    await expect(detectFixture(join(folder, 'other.tar'))).rejects.toMatchObject({
      code: 'no-class-folders',
      found: expect.stringContaining('0 pictures, 1 folders (b) and 1 other files'),
    })
    await expect(detectFixture(join(folder, 'other.tar.gz'))).rejects.toMatchObject({ code: 'no-class-folders' })
  })

  it('says by what it recognised each format', async () => {
    const reasons: Record<string, string> = {}
    for (const reader of made) {
      const [name = ''] = Object.keys(expectedOf(reader))
      reasons[reader] = (await detectFixture(fixtureIn('tar', reader, name))).reason
    }
    expect(reasons).toMatchInlineSnapshot(`
      {
        "cifar-binary": "6 files consist of CIFAR records (3,073 or 3,074 bytes with a valid label).",
        "cifar-python": "7 files are Python pickles.",
        "class-folders": "4 folders, one for each class.",
        "coco": "Looks like COCO: instances_train2017.json, instances_val2017.json with 4 categories; pictures with boxes of one class are taken.",
        "csv": "labels.csv lists 6 pictures with their classes.",
        "idx": "4 files begin with the IDX magic number.",
        "imagenet": "Looks like ImageNet: ILSVRC2012_img_train.tar with 3 archives named nNNNNNNNN, validation pictures named ILSVRC2012_val_NNNNNNNN.",
        "jsonl": "metadata.jsonl lists 5 pictures with their classes.",
        "stl10": "Looks like STL-10: raw pictures of 96 x 96 pixels in files named train_X.bin or test_X.bin.",
        "svhn": "Looks like SVHN: MAT files named test_32x32.mat and train_32x32.mat.",
        "tiny-imagenet": "Looks like Tiny-ImageNet: wnids.txt names 3 folders of train.",
        "train-val-folders": "train, val and test hold 3 folders of pictures.",
        "voc": "Looks like Pascal VOC: Annotations, JPEGImages and train.txt, val.txt; pictures with boxes of one class are taken.",
      }
    `)
  })
})
