// Brings a prepared data set into memory.
import { createHash } from 'node:crypto'
import { RepriseError } from '../../shared/errors.ts'
import { datasets } from '../../shared/registry/datasets.ts'
import { datasetRecord } from './benchmark.ts'
import type { Dataset } from './dataset.ts'
import { readCachedSet } from './dataset-cache.ts'
import { readManifest, summaryOf } from './dataset-manifest.ts'

export interface LoadOptions {
  datasetsDir: string
  /** Only the first so many pictures; 0 or absent takes all. */
  limitTrain?: number
  limitTest?: number
}

/**
 * Loads a data set that `prepareDataset` made ready; nothing is fetched.
 * Throws `data-missing` or `unknown-dataset` when it is not there, `data-truncated` when a file has the wrong size.
 */
export async function loadDataset(id: string, options: LoadOptions): Promise<Dataset> {
  const manifest = await readManifest(options.datasetsDir, id)
  if (manifest === null) throw notPrepared(id)
  const train = await readCachedSet(options.datasetsDir, manifest, 'train', options.limitTrain ?? 0)
  const test = await readCachedSet(options.datasetsDir, manifest, 'test', options.limitTest ?? 0)
  const whole = summaryOf(manifest)
  const isWhole = train.count === whole.train && test.count === whole.test
  const limits = `${whole.fingerprint} first ${train.count} ${test.count}`
  const summary = isWhole
    ? whole
    : {
        ...whole,
        train: train.count,
        test: test.count,
        benchmark: false,
        fingerprint: createHash('sha256').update(limits).digest('hex'),
      }
  return { summary, shape: manifest.shape, mean: manifest.mean, std: manifest.std, train, test }
}

function notPrepared(id: string): RepriseError {
  const record = datasetRecord(id)
  if (record !== null) {
    const way =
      record.source === 'user'
        ? `Add your copy with "reprise datasets add PATH --id ${id}"`
        : `Fetch it with "reprise datasets fetch ${id}"`
    return new RepriseError({
      code: 'data-missing',
      message: `The data set ${id} is not on this machine yet`,
      fix: `${way}, or on the page of data sets.`,
    })
  }
  return new RepriseError({
    code: 'unknown-dataset',
    message: `There is no data set "${id}"`,
    expected: `${Object.keys(datasets).join(', ')}, or one that you added`,
    fix: 'Add your folder or file first with "reprise datasets add PATH".',
  })
}
