// For tests: a folder of their own, and the options of a preparation that touches nothing else.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { PrepareDataJob } from '../../shared/worker-protocol.ts'
import type { PrepareOptions, PrepareProgress } from './prepare-dataset.ts'

export const samplesDir = join(import.meta.dirname, '..', '..', '..', 'resources', 'samples')

/** A folder that is removed when the test that asked for it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-data-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

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
  }
}
