// For tests: jobs and options of a preparation that touches nothing but a folder of its own.
import { join } from 'node:path'
import type { PrepareDataJob } from '../shared/worker-protocol.ts'
import type { PrepareOptions, PrepareProgress } from './prepare-dataset.ts'

export const samplesDir = join(import.meta.dirname, '..', '..', 'resources', 'samples')

export function jobIn(folder: string, job: Partial<PrepareDataJob> & { datasetId: string }): PrepareDataJob {
  return { type: 'prepare-data', datasetsDir: join(folder, 'datasets'), samplesDir, brokenPictures: 'refuse', ...job }
}

/** Options that record what they are told. */
export function recordingOptions(folder: string): PrepareOptions & { progress: PrepareProgress[]; network: string[] } {
  const progress: PrepareProgress[] = []
  const network: string[] = []
  return {
    progress,
    network,
    onProgress: (step) => progress.push(step),
    onNetwork: (what) => network.push(what),
    signal: new AbortController().signal,
    downloadsDir: join(folder, 'downloads'),
    unpackedDir: join(folder, 'unpacked'),
  }
}
