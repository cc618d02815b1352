// The process that looks at every picture of one data set: takes one job, reports, and ends. A file that makes a decoder hang or
// crash harms no other process.
import { join } from 'node:path'
import { datasetFolder, readManifest } from '../engine/data/dataset-manifest.ts'
import { indexFile, openPictureIndex } from '../picture-index/open-index.ts'
import { checkDataset } from '../preparation/check-dataset.ts'
import { keepCheck } from '../preparation/dataset-changes.ts'
import type { HealthReport } from '../shared/dataset-views.ts'
import { RepriseError, toErrorReport } from '../shared/errors.ts'
import type { ExamineDataJob, ExaminerToHost, HostToExaminer } from '../shared/worker-protocol.ts'

const cancellation = new AbortController()
/** How long the picture in hand may still take when the parent is gone. */
const lastPictureMs = 5000

process.on('message', (message: HostToExaminer) => {
  if (message.type === 'stop') cancellation.abort()
  else void work(message.job)
})
process.on('disconnect', () => {
  cancellation.abort()
  // Nobody else would end a decoder that hangs.
  setTimeout(() => process.exit(1), lastPictureMs).unref()
})

async function work(job: ExamineDataJob): Promise<void> {
  let code = 0
  try {
    await report({ type: 'examined', report: await examine(job) })
  } catch (error) {
    await report({ type: 'failed', error: toErrorReport(error) })
    code = 1
  }
  // A decoder that hangs would keep the process.
  process.exit(code)
}

async function examine({ datasetsDir, datasetId }: ExamineDataJob): Promise<HealthReport> {
  const manifest = await readManifest(datasetsDir, datasetId)
  if (manifest === null) {
    throw new RepriseError({
      code: 'data-missing',
      message: `The data set ${datasetId} is not ready.`,
      fix: 'Prepare it first.',
    })
  }
  const index = openPictureIndex(join(datasetFolder(datasetsDir, datasetId), indexFile), { readonly: false })
  try {
    const found = await checkDataset({
      datasetsDir,
      manifest,
      index,
      onProgress: (text, done, total) => void report({ type: 'progress', text, done, total }),
      signal: cancellation.signal,
    })
    await keepCheck(datasetsDir, datasetId, { mean: found.mean, std: found.std })
    return found
  } finally {
    index.close()
  }
}

/** Resolves when the message is handed over, or at once when nobody listens any more. */
function report(message: ExaminerToHost): Promise<void> {
  return new Promise((resolve) => {
    if (process.send && process.connected) process.send(message, undefined, undefined, () => resolve())
    else resolve()
  })
}
