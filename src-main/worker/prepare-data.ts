// The process that makes one data set ready: takes one job, reports, and ends. Decoding and unpacking stay out of the
// host, and so does whatever a damaged file does to a decoder.
import { join } from 'node:path'
import { cacheFolder } from '../launch/data-folder.ts'
import { prepareDataset } from '../preparation/prepare-dataset.ts'
import { toErrorReport } from '../shared/errors.ts'
import type { DataWorkerToHost, HostToDataWorker, PrepareDataJob } from '../shared/worker-protocol.ts'

const cancellation = new AbortController()

process.on('message', (message: HostToDataWorker) => {
  if (message.type === 'stop') cancellation.abort()
  else void work(message.job)
})
// A host that is gone needs no data; what is half done is removed on the way out.
process.on('disconnect', () => cancellation.abort())

async function work(job: PrepareDataJob): Promise<void> {
  try {
    const { data, shape } = await prepareDataset(job, {
      onProgress: (progress) => void report({ type: 'progress', ...progress }),
      onNetwork: (what) => void report({ type: 'network', what }),
      signal: cancellation.signal,
      downloadsDir: join(cacheFolder(), 'downloads'),
      unpackedDir: join(cacheFolder(), 'unpacked'),
    })
    await report({ type: 'prepared', data, shape })
  } catch (error) {
    await report({ type: 'failed', error: toErrorReport(error) })
    process.exitCode = 1
  } finally {
    if (process.connected) process.disconnect()
  }
}

/** Resolves when the message is handed over, or at once when nobody listens any more. */
function report(message: DataWorkerToHost): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve())
    else resolve()
  })
}
