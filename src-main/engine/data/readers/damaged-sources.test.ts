import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { RepriseError } from '../../../shared/errors.ts'
import type { ReaderName } from '../../../shared/registry/readers.ts'
import { detectFixture, fixtureIn, readFiles, summaryOf } from './fixtures.ts'
import { isPathBelow } from './open-below-root.ts'

const rounds = 10
/** Of the processor, so that a busy machine changes nothing; what waits forever meets the time limit of tests. */
const longestMilliseconds = 1000

/** Numbers below `range`, the same ones every time (a linear congruential generator). */
function seeded(seed: number): (range: number) => number {
  let state = seed >>> 0
  return (range) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * range)
  }
}

const insertions = [
  '../../../etc/passwd',
  '/etc/passwd',
  '9'.repeat(30),
  '-1',
  '\0',
  '"',
  '[',
  '{',
  '<!DOCTYPE a [',
  '\n',
  ',,,',
  'é',
]

/** The bytes with one kind of damage: changed, cut off, shortened, repeated, or with something put in. */
function damaged(bytes: Uint8Array, next: (range: number) => number): Uint8Array {
  const at = next(bytes.length + 1)
  const end = Math.min(bytes.length, at + next(200))
  switch (next(5)) {
    case 0: {
      const changed = bytes.slice()
      // Headers are short, so every other change is made among the first bytes.
      for (let i = 0; i < 4; i++) changed[next(i % 2 === 0 ? bytes.length : Math.min(bytes.length, 300))] = next(256)
      return changed
    }
    case 1:
      return bytes.slice(0, at)
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
    case 3:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
    default: {
      const inserted = Buffer.from(insertions[next(insertions.length)] ?? '')
      return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)])
    }
  }
}

/** Every file that a reader looks into; pictures are only located. */
function readableFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return entries.filter((path) => statSync(join(folder, path)).isFile() && !/\.(png|jpe?g|bmp)$/i.test(path)).sort()
}

const damageable: [ReaderName, string][] = [
  ['cifar-binary', 'cifar-100'],
  ['cifar-python', 'cifar-100'],
  ['idx', 'mnist'],
  ['stl10', 'stl10_binary'],
  ['svhn', 'compressed'],
  ['svhn', 'plain'],
  ['imagenet', 'tars'],
  ['imagenet', 'folders'],
  ['imagenet', 'kaggle'],
  ['tiny-imagenet', 'tiny-imagenet-200'],
  ['csv', 'quoted'],
  ['jsonl', 'metadata'],
  ['coco', 'largest'],
  ['voc', 'most'],
]

it.each(damageable)(
  'a damaged %s (%s) is refused with a reason or read in part, and never hangs',
  async (reader, name) => {
    const folder = fixtureIn('folder', reader, name)
    const files = readableFiles(folder)
    const next = seeded(reader.length * 1000 + name.length)
    for (let round = 0; round < rounds; round++) {
      const path = join(folder, files[next(files.length)] ?? '')
      const whole = readFileSync(path)
      writeFileSync(path, damaged(whole, next))
      const start = process.cpuUsage()
      try {
        const detected = await detectFixture(folder, 'largest')
        if (detected.storage === 'files') {
          const { pictures, problems } = await readFiles(detected)
          for (const picture of pictures) {
            expect(detected.classes[picture.label], picture.name).toBeDefined()
            expect(isPathBelow(picture.location.path), picture.location.path).toBe(true)
          }
          for (const { reason } of problems) expect(reason).not.toBe('')
          await summaryOf(detected)
        } else {
          const { train, test, classes } = await summaryOf(detected)
          for (const label of [...(train?.labels ?? []), ...(test?.labels ?? [])])
            expect(label).toBeLessThan(classes.length)
        }
      } catch (error) {
        if (!(error instanceof RepriseError)) throw error
        expect(error.code).toMatch(/^(data-|no-class-folders)/)
      }
      const { user, system } = process.cpuUsage(start)
      expect((user + system) / 1000, `round ${round}: ${path}`).toBeLessThan(longestMilliseconds)
      writeFileSync(path, whole)
    }
  },
)
