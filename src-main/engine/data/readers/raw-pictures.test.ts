import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { detectFixture, fixtureIn, summaryOf } from './fixtures.ts'

const read = (folder: string) => detectFixture(folder).then(summaryOf)

describe('STL-10', () => {
  it('is refused with what is missing, cut off or does not belong together', async () => {
    const folder = fixtureIn('folder', 'stl10', 'stl10_binary')
    const labels = join(folder, 'train_y.bin')
    writeFileSync(labels, Uint8Array.of(1, 11))
    await expect(read(folder)).rejects.toMatchObject({ code: 'data-format', found: 'the label 11' })
    writeFileSync(labels, Uint8Array.of(1))
    await expect(read(folder)).rejects.toMatchObject({ expected: '2 labels from 1 to 10', found: '1 labels' })
    rmSync(labels)
    await expect(read(folder)).rejects.toMatchObject({ code: 'data-missing', message: 'STL-10 lacks train_y.bin' })
    truncateSync(join(folder, 'train_X.bin'), 30_000)
    writeFileSync(labels, Uint8Array.of(1, 2))
    await expect(read(folder)).rejects.toMatchObject({ code: 'data-truncated', found: '30000 bytes' })
  })

  it('has its class names without the file of names', async () => {
    const folder = fixtureIn('folder', 'stl10', 'stl10_binary')
    const { classes } = await read(folder)
    rmSync(join(folder, 'class_names.txt'))
    expect((await read(folder)).classes).toEqual(classes)
  })
})

describe('SVHN', () => {
  it('is refused without its test pictures, and when a file is cut off', async () => {
    const folder = fixtureIn('folder', 'svhn', 'compressed')
    truncateSync(join(folder, 'train_32x32.mat'), 2000)
    await expect(read(folder)).rejects.toMatchObject({ code: 'data-truncated' })
    rmSync(join(folder, 'test_32x32.mat'))
    rmSync(join(folder, 'train_32x32.mat'))
    await expect(read(folder)).rejects.toMatchObject({ code: 'no-class-folders' })
    const other = fixtureIn('folder', 'svhn', 'plain')
    rmSync(join(other, 'test_32x32.mat'))
    await expect(read(other)).rejects.toMatchObject({ code: 'data-missing', message: 'SVHN lacks test_32x32.mat' })
  })
})

describe('IDX', () => {
  it('is refused when one of the four files is missing', async () => {
    const folder = fixtureIn('folder', 'idx', 'mnist')
    rmSync(join(folder, 't10k-labels-idx1-ubyte'))
    await expect(read(folder)).rejects.toMatchObject({
      code: 'data-missing',
      message: 'The IDX files hold no test labels',
    })
  })
})
