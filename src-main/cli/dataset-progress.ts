// Waits until the host has a data set ready, showing how far it is.
import type { DatasetSummary } from '../shared/api.ts'
import { fromErrorReport, RepriseError } from '../shared/errors.ts'
import type { HostConnection } from './host-connection.ts'
import { size } from './number-words.ts'
import type { Output } from './output.ts'
import { progressBar } from './progress-bar.ts'

/**
 * Calls `begin`, which makes the host fetch or read a data set, and resolves when it is ready.
 * Throws the reason when it fails.
 */
export async function makeDatasetReady(
  host: HostConnection,
  begin: () => Promise<DatasetSummary>,
  output: Output,
): Promise<DatasetSummary> {
  const bar = progressBar()
  const early: DatasetSummary[] = []
  let settle = (dataset: DatasetSummary) => void early.push(dataset)
  const end = await host.listen((event) => {
    if (event.type === 'dataset') settle(event.dataset)
  })
  try {
    const first = await host.call(begin())
    return await host.call(
      new Promise<DatasetSummary>((resolve, reject) => {
        settle = (dataset) => {
          if (dataset.id !== first.id) return
          show(dataset, output, bar)
          if (dataset.status === 'ready') resolve(dataset)
          if (dataset.status === 'failed' || dataset.status === 'absent') reject(failure(dataset))
        }
        for (const dataset of [first, ...early.filter((d) => d !== first)]) {
          // What is absent when the call returns is about to be fetched.
          if (dataset.status !== 'absent') settle(dataset)
        }
      }),
    )
  } finally {
    bar.clear()
    end()
  }
}

function show(dataset: DatasetSummary, output: Output, bar: ReturnType<typeof progressBar>): void {
  const { id, status, progress } = dataset
  output.event({ type: 'dataset', dataset: id, status, progress })
  if (output.json || !progress) return
  const { doneBytes, totalBytes } = progress
  const share = totalBytes > 0 ? doneBytes / totalBytes : null
  bar.update(share, `${dataset.label}  ${size(doneBytes)} of ${size(totalBytes)}`)
}

function failure(dataset: DatasetSummary): RepriseError {
  if (dataset.error) return fromErrorReport(dataset.error)
  return new RepriseError({
    code: 'cancelled',
    message: `Fetching ${dataset.label} was cancelled.`,
    fix: `Run "reprise datasets fetch ${dataset.id}" to fetch it.`,
  })
}
