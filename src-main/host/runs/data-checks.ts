// Lines of "Before the start" about the pictures: what their check found, and where they will lie while the run trains.
import type { DatasetSummary } from '../../shared/api.ts'
import { RepriseError, toErrorReport } from '../../shared/errors.ts'
import { type CacheChoice, chooseCache, type PictureSize, predictedBytes } from '../../shared/picture-cache.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { line, type PreflightLine } from './preflight-line.ts'

/** What the check of a data set found out beyond its summary. */
export interface CheckedPictures {
  /** Pictures in use that cannot be read. */
  unreadable: number
  /** Of some pictures, evenly spread; empty before the check. */
  sizes: PictureSize[]
}

/** `values.reason`: known (the benchmark's own content), unchecked, unreadable, problems, or sound. */
export function healthCheck(config: RunConfig, data: DatasetSummary, { unreadable }: CheckedPictures): PreflightLine {
  const { problems = 0, warnings = 0 } = data.health ?? {}
  const values = { dataset: data.label, unreadable, problems, warnings }
  if (unreadable > 0 && config.data.brokenPictures === 'refuse') {
    const refusal = new RepriseError({
      code: 'picture-broken',
      message: `${unreadable} pictures of ${data.label} cannot be read.`,
      expected: 'pictures that can be decoded',
      fix: 'Leave them out on the page of the data set, or set data.brokenPictures to skip or replace.',
    })
    return line('health', 'fail', { ...values, reason: 'unreadable' }, { refusal })
  }
  if (data.health === null) {
    return data.benchmark
      ? line('health', 'pass', { ...values, reason: 'known' })
      : line('health', 'note', { ...values, reason: 'unchecked' })
  }
  if (problems > 0) return line('health', 'note', { ...values, reason: unreadable > 0 ? 'unreadable' : 'problems' })
  return line('health', 'pass', { ...values, reason: 'sound' })
}

/**
 * Where pictures in files will lie, by the sizes that the check saw. `values.kept`: memory, disk, none, or unknown before a check.
 * The choice is null where it cannot be told.
 */
export function cacheCheck(
  config: RunConfig,
  pictures: number,
  { sizes }: CheckedPictures,
  conditions: { epochs: number; freeMemoryBytes: number; freeDiskBytes: number },
): PreflightLine & { choice: CacheChoice | null } {
  if (sizes.length === 0) return { ...line('cache', 'note', { kept: 'unknown', bytes: 0 }), choice: null }
  const bytes = predictedBytes(sizes, pictures, config.data.shortSide)
  try {
    const choice = chooseCache({ cache: config.data.cache, bytes, ...conditions })
    return { ...line('cache', 'pass', { kept: choice.kind, bytes: choice.bytes }), choice }
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    const { message, fix = '' } = toErrorReport(error)
    const values = { kept: config.data.cache, bytes, reason: `${message} ${fix}` }
    return { ...line('cache', 'fail', values, { refusal: error }), choice: null }
  }
}
