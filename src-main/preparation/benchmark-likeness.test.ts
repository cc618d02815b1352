import { expect, test } from 'vitest'
import type { ImageSet } from '../engine/data/dataset.ts'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import { datasets } from '../shared/registry/datasets.ts'
import { benchmarkLikeness, matchingPictures } from './benchmark-likeness.ts'

const set = (pictures: number[][]): ImageSet => ({
  images: Uint8Array.from(pictures.flat()),
  labels: new Uint8Array(pictures.length),
  count: pictures.length,
})
const empty = (count: number): ImageSet => ({ images: new Uint8Array(), labels: new Uint8Array(count), count })

test('each picture of the benchmark counts once, wherever it lies', () => {
  const benchmark = set([
    [1, 2],
    [3, 4],
    [3, 4],
    [5, 6],
  ])
  expect(
    matchingPictures(
      set([
        [3, 4],
        [1, 2],
        [1, 2],
        [7, 8],
      ]),
      benchmark,
    ),
  ).toBe(2)
  expect(matchingPictures(benchmark, benchmark)).toBe(4)
  expect(matchingPictures(empty(0), benchmark)).toBe(0)
})

test('known content is the benchmark itself', async () => {
  const { shape, classes } = datasets.cifar10
  const source = { shape: [...shape] as [number, number, number], classes: [...classes] }
  const like = await benchmarkLikeness(
    { ...source, train: empty(50_000), test: empty(10_000) },
    'cifar10',
    temporaryFolder(),
  )
  expect(like).toEqual({
    id: 'cifar10',
    label: 'CIFAR-10',
    train: { matching: 50_000, found: 50_000, expected: 50_000 },
    test: { matching: 10_000, found: 10_000, expected: 10_000 },
    exact: true,
  })
})

test('of a benchmark whose content is not known, sizes and classes alone speak', async () => {
  const like = (classes: number, train: number) =>
    benchmarkLikeness(
      {
        shape: [32, 32, 3],
        classes: Array.from({ length: classes }, (_, i) => String(i)),
        train: empty(train),
        test: empty(10_000),
      },
      null,
      temporaryFolder(),
    )
  expect(await like(100, 49_900)).toMatchObject({
    id: 'cifar100',
    train: { matching: null, found: 49_900, expected: 50_000 },
    exact: false,
  })
  expect(await like(10, 50_000)).toBeNull()
  expect(await like(100, 30_000)).toBeNull()
})
