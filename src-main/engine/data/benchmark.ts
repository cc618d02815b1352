// Tells whether data is that of a benchmark the app knows: by the content of every picture and label, by the published hashes of
// its files, or by its counts.
import { createHash } from 'node:crypto'
import { RepriseError } from '../../shared/errors.ts'
import { type DatasetName, type DatasetRecord, datasets } from '../../shared/registry/datasets.ts'
import type { RecognisedTest } from './dataset-manifest.ts'
import { isSynset } from './readers/synsets.ts'

const entries = Object.entries(datasets) as [DatasetName, DatasetRecord][]

export interface ContentDigests {
  train: string
  test: string
}

/** The registry record of that id, or null. */
export function datasetRecord(id: string): DatasetRecord | null {
  return Object.hasOwn(datasets, id) ? datasets[id as DatasetName] : null
}

/** Registry id of the data set whose content this is, or null. */
export function recogniseContent(content: ContentDigests): DatasetName | null {
  const match = entries.find(([, { content: known }]) => known?.train === content.train && known.test === content.test)
  return match?.[0] ?? null
}

/** Registry id of the benchmark whose test pictures these are, or null. */
export function testBenchmark(content: string): DatasetName | null {
  return entries.find(([, record]) => record.benchmark && record.content?.test === content)?.[0] ?? null
}

/** Whether a file of this name is published with a hash, so that it is worth hashing. */
export function isPublishedName(name: string): boolean {
  return entries.some(([, { files = [] }]) => files.some((file) => file.name === name))
}

function isPublishedHash(hash: string): boolean {
  return entries.some(([, { files = [] }]) => files.some(({ md5 }) => md5 === hash))
}

/** Registry ids of the benchmarks whose training and test files all have their published md5 among these. */
export function recogniseFiles(hashes: ReadonlySet<string>): { train: DatasetName | null; test: DatasetName | null } {
  const having = (part: 'train' | 'test') =>
    entries.find(([, { files = [] }]) => {
      const own = files.filter((file) => file.part === part)
      return own.length > 0 && own.every(({ md5 }) => hashes.has(md5))
    })?.[0] ?? null
  return { train: having('train'), test: having('test') }
}

/** What counts tell of a data set. */
export interface CountedData {
  shape: readonly number[]
  classes: readonly string[]
  train: number
  /** By label. */
  testPerClass: readonly number[]
}

/**
 * Registry id of the benchmark that has exactly these numbers of training pictures and of test pictures of each class, and whose
 * classes these are as far as they are named; or null. Only for benchmarks whose content is not known.
 */
export function recogniseCounts({ shape, classes, train, testPerClass }: CountedData): DatasetName | null {
  const match = entries.find(
    ([, record]) =>
      record.content === null &&
      record.testPerClass !== undefined &&
      record.shape.join() === shape.join() &&
      record.train === train &&
      record.classes.length === testPerClass.length &&
      testPerClass.every((count) => count === record.testPerClass) &&
      namesFit(record, classes),
  )
  return match?.[0] ?? null
}

const isNumber = (name: string) => /^\d+$/.test(name)

/** Numbers stand for any names. WordNet ids may have words after them. */
function namesFit({ classes: known, synsets }: DatasetRecord, classes: readonly string[]): boolean {
  if (known.length !== classes.length) return false
  if (classes.every(isNumber)) return true
  const ids = classes.map((name) => name.split(' ', 1)[0] ?? '').sort()
  if (synsets !== undefined && ids.some(isSynset)) {
    return (
      createHash('sha256')
        .update(`${ids.join('\n')}\n`)
        .digest('hex') === synsets
    )
  }
  const plain = (names: readonly string[]) => names.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, '')).sort()
  return known.every(isNumber) || plain(known).join() === plain(classes).join()
}

/**
 * What hashes of files and counts tell of a data set whose content is no benchmark's: of its test part, and of the whole, which
 * counts alone do not vouch for. `hashes` are the md5 of its files that are published with one.
 */
export function recogniseSource(
  source: CountedData,
  hashes: ReadonlySet<string>,
): { whole: DatasetName | null; test: RecognisedTest | null } {
  const files = recogniseFiles(hashes)
  const tested = source.testPerClass.reduce((sum, count) => sum + count, 0)
  if (files.test !== null && datasets[files.test].test === tested) {
    const isWhole = files.train === files.test && datasets[files.test].train === source.train
    return { whole: isWhole ? files.test : null, test: { benchmark: files.test, by: 'files' } }
  }
  // A file that is published with a hash and has another one is known to differ: its counts do not speak for it.
  const counted = [...hashes].every(isPublishedHash) ? recogniseCounts(source) : null
  return { whole: null, test: counted === null ? null : { benchmark: counted, by: 'counts' } }
}

interface KnownFigures {
  shape: readonly number[]
  train: { count: number }
  test: { count: number }
}

/**
 * Throws `data-fingerprint` when data that should be the known data set `id` is not, saying what differs. Where no content is
 * known, its counts must do. `content` is null for files, which nobody has read yet.
 */
export function requireKnownContent(id: string, source: KnownFigures, content: ContentDigests | null): void {
  const record = datasetRecord(id)
  if (record === null || (content !== null && recogniseContent(content) === id)) return
  const ofSize = (shape: readonly number[]) => (record.shape[0] === 0 ? '' : ` of ${shape.join(' x ')}`)
  const counts = `${source.train.count} + ${source.test.count} pictures${ofSize(source.shape)}`
  const knownCounts = `${record.train} + ${record.test} pictures${ofSize(record.shape)}`
  if (record.content === null && counts === knownCounts) return
  throw new RepriseError({
    code: 'data-fingerprint',
    message: `This is not ${record.label} as it was published`,
    expected: knownCounts,
    found: counts === knownCounts ? 'as many pictures, but with other pixels or labels' : counts,
    fix: `Get the original files of ${record.label}, or add these as a data set of your own.`,
    details: { expected: record.content, found: content },
  })
}
