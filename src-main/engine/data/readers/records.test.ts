import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corruptions, truncations } from '../../formats/damaged-inputs.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type ExpectedPicture, expectedIn, fixture, readBy, surviveDamage } from './container-fixtures.ts'
import { writeFiles } from './fixtures.ts'
import { parquet } from './parquet.ts'
import type { DataReader } from './reader.ts'
import { tfrecord } from './tfrecord.ts'
import { webdataset } from './webdataset.ts'

type Expected = Record<string, ExpectedPicture[]>
const shards = expectedIn<Expected>('webdataset')
const records = expectedIn<Expected & { tfdsClasses: string[] }>('tfrecord')
const tables = expectedIn<{
  names: string[]
  hub: ExpectedPicture[]
  words: ExpectedPicture[]
  large: ExpectedPicture[]
  pages: Expected
}>('parquet')

const byName = (pictures: readonly ExpectedPicture[] | undefined) =>
  [...(pictures ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))

async function expectRead(reader: DataReader, path: string, expected: readonly ExpectedPicture[] | undefined) {
  const result = await readBy(reader, path)
  expect(byName(result?.pictures)).toEqual(byName(expected))
  return result
}

/** A folder with one file of a fixture, changed. */
function changed(from: string, name: string, change: (bytes: Buffer) => Uint8Array): string {
  return writeFiles({ [name]: change(readFileSync(fixture(from))) })
}

describe('WebDataset', () => {
  it('reads shards with numbers in .cls, and their parts', async () => {
    const result = await expectRead(webdataset, fixture('webdataset', 'numbers'), shards.numbers)
    expect(result?.classes).toEqual(['0', '1', '2'])
    expect(result?.problems).toEqual([])
    expect(result?.reason).toBe(
      'Looks like WebDataset: 3 tar files whose members of the same name make samples of .cls and .jpg and .json.',
    )
  })

  it('reads words in a single tar, and tells of samples that are not whole', async () => {
    const result = await expectRead(webdataset, fixture('webdataset', 'words', 'animals.tar'), shards.words)
    expect(result?.classes).toEqual(['ant', 'zebra'])
    expect(result?.problems).toEqual([
      { name: 'without.input.png', reason: 'A sample without a label in a .cls or .json member' },
      { name: 'nothing', reason: 'A sample without a picture' },
    ])
  })

  it('reads labels out of .json', async () => {
    const result = await expectRead(webdataset, fixture('webdataset', 'fields'), shards.fields)
    expect(result?.classes).toEqual(['3', '7'])
  })

  it('goes on after a shard that was cut off', async () => {
    const cut = readFileSync(fixture('webdataset', 'numbers', 'train-0000.tar')).subarray(0, 5300)
    const folder = writeFiles({
      'train-0000.tar': cut,
      'val-0000.tar': readFileSync(fixture('webdataset', 'numbers', 'val-0000.tar')),
    })
    const result = await readBy(webdataset, folder)
    expect(result?.pictures.at(-1)?.part).toBe('val')
    expect(result?.problems).toContainEqual({ name: 'train-0000.tar', reason: expect.stringContaining('ends inside') })
  })

  it('reads shards in a zip that stores them, and refuses one that compresses them', async () => {
    await expectRead(webdataset, fixture('webdataset', 'stored.zip'), shards.inZip)
    await expect(readBy(webdataset, fixture('webdataset', 'deflated.zip'))).rejects.toMatchObject({
      code: 'data-format',
      message: 'shards/val-0000.tar is compressed by its archive, so it cannot be read in place',
    })
  })

  it('leaves other tars alone', async () => {
    expect(await readBy(webdataset, fixture('tar', 'gnu.tar'))).toBeNull()
    expect(await readBy(webdataset, fixture('tar', 'nested.tar'))).toBeNull()
    expect(await readBy(webdataset, fixture('zip'))).toBeNull()
  })
})

describe('TFRecord', () => {
  it('reads the files of ImageNet by TensorFlow, whose labels count from 1', async () => {
    const result = await expectRead(tfrecord, fixture('tfrecord', 'inception'), records.inception)
    expect(result?.classes).toEqual(['tench', 'goldfish', 'shark'])
    expect(result?.found.map(({ label }) => label)).toEqual([0, 2, 1, 2])
    expect(result?.reason).toBe(
      '3 files of TFRecord whose examples hold image/encoded and image/class/label. Labels count from 1 and 0 does not ' +
        'occur, as in the ImageNet files of TensorFlow: the first class is 1.',
    )
  })

  it('reads the files of TensorFlow Datasets, with classes that no picture has', async () => {
    const file = fixture('tfrecord', 'tfds', 'flowers-test.tfrecord-00000-of-00001')
    const result = await expectRead(tfrecord, file, records.tfds)
    expect(result?.classes).toEqual(records.tfdsClasses)
    expect(result?.found.map(({ label }) => label)).toEqual([4, 0, 2])
  })

  it('leaves out a record whose checksum does not hold, and all after a header that is damaged', async () => {
    const from = 'tfrecord/tfds/flowers-test.tfrecord-00000-of-00001'
    const first = Number(readFileSync(fixture(from)).readBigUInt64LE(0)) + 16
    const data = changed(from, 'x.tfrecord', (bytes) => bytes.fill(0xff, first + 100, first + 101))
    const result = await readBy(tfrecord, data)
    expect(result?.pictures.map(({ class: name }) => name)).toEqual(['4', '2'])
    expect(result?.problems).toEqual([
      { name: 'x.tfrecord, record 1', reason: 'The checksum of the record does not hold' },
    ])
    const header = changed(from, 'x.tfrecord', (bytes) => bytes.fill(0xff, first + 1, first + 2))
    const cut = await readBy(tfrecord, header)
    expect(cut?.pictures).toHaveLength(1)
    expect(cut?.problems).toEqual([{ name: 'x.tfrecord', reason: expect.stringContaining('damaged') }])
  })
})

describe('Parquet', () => {
  it('reads what datasets writes now: pictures that are parts of the file', async () => {
    const result = await expectRead(parquet, fixture('parquet', 'hub'), tables.hub)
    expect(result?.classes).toEqual(tables.names)
    expect(new Set(result?.found.map(({ location }) => location.kind))).toEqual(new Set(['part']))
    expect(result?.reason).toBe(
      '3 Parquet files with pictures in the column image.bytes and labels in label with the names of 3 classes.',
    )
  })

  it.each(Object.keys(tables.pages))('reads every form of pages: %s', async (name) => {
    const result = await expectRead(parquet, fixture('parquet', 'pages', `${name}.parquet`), tables.pages[name])
    expect(result?.problems).toEqual([
      { name: `${name}.parquet, row 4`, reason: 'A row without the bytes of a picture' },
      { name: `${name}.parquet`, reason: '1 row without a label' },
    ])
    const kind = name.startsWith('none') ? 'part' : 'page'
    expect(new Set(result?.found.map(({ location }) => location.kind))).toEqual(new Set([kind]))
  })

  it('finds the least piece of a page of snappy that holds a picture', async () => {
    const result = await expectRead(parquet, fixture('parquet', 'large'), tables.large)
    const pieces = result?.found.map(({ location }) =>
      location.kind === 'page' ? [location.packing, location.unpackedBytes <= 2 * 65_536] : [],
    )
    expect(pieces).toEqual(new Array(4).fill(['snappy-elements', true]))
    expect(new Set(result?.found.map(({ location }) => 'offset' in location && location.offset)).size).toBe(2)
  })

  it('reads words as labels, and pictures beside the file but not outside the folder', async () => {
    const result = await expectRead(parquet, fixture('parquet', 'words'), tables.words)
    expect(result?.classes).toEqual(['bee', 'owl'])
    expect(result?.problems).toEqual([{ name: 'birds.parquet, row 2', reason: 'A row without the bytes of a picture' }])
  })

  it('says which encoding it cannot read', async () => {
    const result = await readBy(parquet, fixture('parquet', 'delta.parquet'))
    expect(result?.pictures).toEqual([])
    expect(result?.problems).toEqual([{ name: 'delta.parquet', reason: expect.stringContaining('DELTA_BYTE_ARRAY') }])
  })

  it('says when a file was cut off', async () => {
    const from = 'parquet/pages/gzip.parquet'
    const cut = changed(from, 'x.parquet', (bytes) => bytes.subarray(0, 1000))
    await expect(readBy(parquet, cut)).rejects.toMatchObject({ code: 'data-truncated' })
  })
})

describe('damaged records', () => {
  it.each([
    ['webdataset/words/animals.tar', 'x.tar', webdataset],
    ['tfrecord/inception/train-00000-of-00002', 'train-00000-of-00002', tfrecord],
    ['parquet/pages/snappy-dictionary.parquet', 'x.parquet', parquet],
    ['parquet/pages/zstd-version-2.parquet', 'x.parquet', parquet],
    ['parquet/pages/none-version-2.parquet', 'x.parquet', parquet],
    ['parquet/pages/brotli.parquet', 'x.parquet', parquet],
  ] as const)('end in errors of ours only: %s', async (from, name, reader) => {
    const whole = readFileSync(fixture(from))
    const folder = temporaryFolder()
    const write = (bytes: Uint8Array) => {
      writeFileSync(join(folder, name), bytes)
      return folder
    }
    const backwards = (bytes: Uint8Array) => Uint8Array.from(bytes).reverse()
    const ends = [...corruptions(backwards(whole), 25)].map(backwards)
    const copies = [...truncations(whole, 15), ...corruptions(whole, 25), ...ends]
    expect(await surviveDamage(copies, write, (path) => readBy(reader, path))).toBeGreaterThan(60)
  })
})
