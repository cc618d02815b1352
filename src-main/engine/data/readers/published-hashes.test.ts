import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ReaderName } from '../../../shared/registry/readers.ts'
import { containers, detectFixture, fixtureIn } from './fixtures.ts'
import { publishedHashes } from './published-hashes.ts'

const { signal } = new AbortController()

/** A fixture and the files in it, by their paths, that must be hashed. */
const cases: [ReaderName, string, string[]][] = [
  ['svhn', 'plain', ['train_32x32.mat', 'test_32x32.mat']],
  ['stl10', 'stl10_binary', ['train_X.bin', 'train_y.bin', 'test_X.bin', 'test_y.bin']],
  ['cifar-python', 'cifar-100', ['train', 'test']],
  ['cifar-python', 'cifar-10', []],
  ['imagenet', 'tars', ['ILSVRC2012_img_val.tar', 'ILSVRC2012_devkit_t12.tar.gz']],
  ['imagenet', 'sorted', []],
]

describe.each(cases)('%s %s', (reader, name, files) => {
  it.each(containers)('as %s gives the md5 of the files that are published with one', async (container) => {
    const folder = fixtureIn('folder', reader, name)
    const progress: { text: string; done: number; total: number }[] = []
    const hashes = await publishedHashes(await detectFixture(fixtureIn(container, reader, name)), {
      onBytes: (text, done, total) => progress.push({ text, done, total }),
      signal,
    })
    const md5 = (file: string) =>
      createHash('md5')
        .update(readFileSync(join(folder, file)))
        .digest('hex')
    expect([...hashes].sort()).toEqual(files.map(md5).sort())
    for (const file of files) {
      const { done, total } = progress.findLast(({ text }) => text === `Hashing ${file}`) ?? {}
      expect([done, total]).toEqual([readFileSync(join(folder, file)).length, done])
    }
  })
})

it('stops when it is cancelled', async () => {
  const detected = await detectFixture(fixtureIn('folder', 'svhn', 'plain'))
  const cancellation = new AbortController()
  const texts: string[] = []
  const onBytes = (text: string) => {
    texts.push(text)
    cancellation.abort()
  }
  const hashing = publishedHashes(detected, { onBytes, signal: cancellation.signal })
  await expect(hashing).rejects.toMatchObject({ code: 'cancelled' })
  expect(texts).toHaveLength(1)
})
