import { describe, expect, it, test } from 'vitest'
import { benchmarksOracle } from '../../../tools/oracle/read-values.ts'
import { type DatasetName, type DatasetRecord, datasets } from '../../shared/registry/datasets.ts'
import {
  type ContentDigests,
  type CountedData,
  isPublishedName,
  recogniseContent,
  recogniseCounts,
  recogniseFiles,
  recogniseSource,
  requireKnownContent,
  testBenchmark,
} from './benchmark.ts'

const unknown: ContentDigests = { train: 'a'.repeat(64), test: 'b'.repeat(64) }
const photographs = (train: number, test: number) => ({
  shape: [32, 32, 3],
  train: { count: train },
  test: { count: test },
})

test('content is recognised whatever the name, and unknown content is nothing', () => {
  expect(recogniseContent(datasets.cifar10.content)).toBe('cifar10')
  expect(recogniseContent(unknown)).toBeNull()
  expect(recogniseContent({ ...datasets.cifar10.content, train: unknown.train })).toBeNull()
})

test('test pictures are recognised by themselves, and those of a sample are no benchmark', () => {
  expect(testBenchmark(datasets.cifar10.content.test)).toBe('cifar10')
  expect(testBenchmark(datasets['fashion-mnist-sample'].content.test)).toBeNull()
  expect(testBenchmark(unknown.test)).toBeNull()
})

test('a data set without known content is checked by its counts', () => {
  expect(() => requireKnownContent('imagenet-1k', photographs(1_281_167, 50_000), unknown)).not.toThrow()
  expect(() => requireKnownContent('imagenet-1k', photographs(1000, 50), unknown)).toThrow(
    expect.objectContaining({
      code: 'data-fingerprint',
      expected: '1281167 + 50000 pictures',
      found: '1000 + 50 pictures',
    }),
  )
})

test('where the content is known, counts alone do not do', () => {
  expect(() => requireKnownContent('cifar10', photographs(50_000, 10_000), unknown)).toThrow(
    expect.objectContaining({ found: 'as many pictures, but with other pixels or labels' }),
  )
})

const records = Object.entries(datasets) as [DatasetName, DatasetRecord][]
const { files: published, synsets } = benchmarksOracle()
const none = new Set<string>()

test.each(records.filter(([, { benchmark }]) => benchmark))('%s can be recognised', (_, record) => {
  expect(record.content !== null || record.files !== undefined || record.testPerClass !== undefined).toBe(true)
  const { classes, test: tests, testPerClass = tests / classes.length } = record
  expect(testPerClass * classes.length).toBe(tests)
})

describe('published hashes', () => {
  const hashesOf = (id: string) => Object.values({ ...published[id]?.train, ...published[id]?.test })

  it.each(Object.keys(published))('of %s are those that torchvision checks, by part', (id) => {
    const record: DatasetRecord = datasets[id as DatasetName]
    const listed = { train: {} as Record<string, string>, test: {} as Record<string, string> }
    for (const { name, md5, part } of record.files ?? []) listed[part][name] = md5
    expect(listed).toEqual(published[id])
    expect(Object.keys(listed.test).every(isPublishedName)).toBe(true)
    const isTrainKnown = Object.keys(listed.train).length > 0
    expect(recogniseFiles(new Set(hashesOf(id)))).toEqual({ train: isTrainKnown ? id : null, test: id })
  })

  it('must be there for all files of a part', () => {
    const { train = {}, test: tests = {} } = published.stl10 ?? {}
    expect(recogniseFiles(new Set(Object.values(tests)))).toEqual({ train: null, test: 'stl10' })
    expect(recogniseFiles(new Set(Object.values(tests).slice(1)))).toEqual({ train: null, test: null })
    const labelsLacking = [train['train_X.bin'] ?? '', ...Object.values(tests)]
    expect(recogniseFiles(new Set(labelsLacking))).toEqual({ train: null, test: 'stl10' })
    expect(recogniseFiles(none)).toEqual({ train: null, test: null })
    expect(isPublishedName('data_batch_1')).toBe(false)
  })

  it('tell the whole or the test part of a source that has as many pictures', () => {
    const svhn = (train: number, tests: number): CountedData => ({
      shape: [32, 32, 3],
      classes: datasets.svhn.classes,
      train,
      testPerClass: [tests, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    })
    const hashes = new Set(hashesOf('svhn'))
    const byFiles = { benchmark: 'svhn', by: 'files' }
    expect(recogniseSource(svhn(73_257, 26_032), hashes)).toEqual({ whole: 'svhn', test: byFiles })
    expect(recogniseSource(svhn(73_000, 26_032), hashes)).toEqual({ whole: null, test: byFiles })
    // Its test pictures are more than those of the file.
    expect(recogniseSource(svhn(73_257, 26_033), hashes)).toEqual({ whole: null, test: null })
    expect(recogniseSource(svhn(73_257, 26_032), none)).toEqual({ whole: null, test: null })
  })
})

describe('counts', () => {
  const imagenet = (change: Partial<CountedData> = {}): CountedData => ({
    shape: [0, 0, 3],
    classes: synsets,
    train: 1_281_167,
    testPerClass: synsets.map(() => 50),
    ...change,
  })
  const renamed = (name: (synset: string, i: number) => string) => imagenet({ classes: synsets.map(name) })

  it('of ImageNet are 1,281,167 and 50 of each class', () => {
    expect(recogniseCounts(imagenet())).toBe('imagenet-1k')
    expect(recogniseSource(imagenet(), none)).toEqual({ whole: null, test: { benchmark: 'imagenet-1k', by: 'counts' } })
    expect(recogniseCounts(imagenet({ train: 1_281_166 }))).toBeNull()
    // As many in all.
    const shifted = synsets.map((_, i) => (i === 0 ? 49 : i === 1 ? 51 : 50))
    expect(recogniseCounts(imagenet({ testPerClass: shifted }))).toBeNull()
    expect(recogniseCounts(imagenet({ testPerClass: shifted.slice(2), classes: synsets.slice(2) }))).toBeNull()
    expect(recogniseCounts(imagenet({ shape: [64, 64, 3] }))).toBeNull()
  })

  it('do not speak for files whose hash is another than the published one', () => {
    const { test: tests = {} } = published['imagenet-1k'] ?? {}
    const archive = tests['ILSVRC2012_img_val.tar'] ?? ''
    // Without the kit, something else told the classes.
    expect(recogniseSource(imagenet(), new Set([archive])).test?.by).toBe('counts')
    expect(recogniseSource(imagenet(), new Set([archive, 'a'.repeat(32)])).test).toBeNull()
    expect(recogniseSource(imagenet(), new Set(Object.values(tests))).test?.by).toBe('files')
  })

  it('go with the class names, where these are synsets', () => {
    expect(recogniseCounts(renamed((synset) => `${synset} a, b`))).toBe('imagenet-1k')
    expect(recogniseCounts(renamed((_, i) => String(i)))).toBe('imagenet-1k')
    expect(recogniseCounts(renamed((_, i) => `class ${i}`))).toBe('imagenet-1k')
    expect(recogniseCounts(renamed((synset, i) => (i === 7 ? 'n99999999' : synset)))).toBeNull()
  })

  it('go with the class names of the record', () => {
    const pictures = (classes: readonly string[]): CountedData => ({
      shape: [32, 32, 3],
      classes,
      train: 50_000,
      testPerClass: classes.map(() => 100),
    })
    const { classes } = datasets.cifar100
    expect(recogniseCounts(pictures(classes))).toBe('cifar100')
    expect(recogniseCounts(pictures([...classes].reverse().map((name) => name.replace('_', ' '))))).toBe('cifar100')
    expect(recogniseCounts(pictures(classes.map((name) => (name === 'worm' ? 'snail 2' : name))))).toBeNull()
  })

  it('say nothing where the content is known', () => {
    const source = { shape: [32, 32, 3], classes: datasets.cifar10.classes, train: 50_000 }
    expect(recogniseCounts({ ...source, testPerClass: source.classes.map(() => 1000) })).toBeNull()
  })
})
