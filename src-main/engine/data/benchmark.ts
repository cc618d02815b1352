// Tells whether data is that of a benchmark the app knows, by the content of every picture and label.
import { RepriseError } from '../../shared/errors.ts'
import { type DatasetName, type DatasetRecord, datasets } from '../../shared/registry/datasets.ts'

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
  const entries = Object.entries(datasets) as [DatasetName, DatasetRecord][]
  const match = entries.find(([, { content: known }]) => known?.train === content.train && known.test === content.test)
  return match?.[0] ?? null
}

/** Registry id of the benchmark whose test pictures these are, or null. */
export function testBenchmark(content: string): DatasetName | null {
  const entries = Object.entries(datasets) as [DatasetName, DatasetRecord][]
  return entries.find(([, record]) => record.benchmark && record.content?.test === content)?.[0] ?? null
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
