// Waits for the host's work on a data set, showing how far it is.
import type { DatasetProgress, DatasetSummary } from '../shared/api.ts'
import type { Checking, DatasetOverview } from '../shared/dataset-views.ts'
import { fromErrorReport, RepriseError } from '../shared/errors.ts'
import type { HostConnection } from './host-connection.ts'
import { count, duration, size } from './number-words.ts'
import type { Output } from './output.ts'
import { type ProgressBar, progressBar } from './progress-bar.ts'

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

/** Fetches a known data set that is not on this machine, before a command that prints only its own result as JSON. */
export async function ensureDataset(host: HostConnection, id: string, output: Output): Promise<void> {
  const known = await host.call(host.client.datasets.list.query())
  if (known.find((dataset) => dataset.id === id)?.status === 'ready') return
  const quiet = output.json ? { ...output, event: () => {} } : output
  await makeDatasetReady(host, () => host.client.datasets.fetch.mutate({ id }), quiet)
}

function show(dataset: DatasetSummary, output: Output, bar: ProgressBar): void {
  const { id, status, progress } = dataset
  output.event({ type: 'dataset', dataset: id, status, progress })
  if (!output.json && progress) showProgress(bar, dataset.label, progress)
}

function showProgress(bar: ProgressBar, what: string, progress: Omit<DatasetProgress, 'perSecond'>): void {
  const { done, total, unit, secondsLeft } = progress
  const words = unit === 'bytes' ? size : count
  const counts = total > 0 ? `${words(done)} of ${words(total)}` : words(done)
  const left = secondsLeft === null ? '' : `  ${duration(secondsLeft)} left`
  bar.update(total > 0 ? done / total : null, `${what}  ${counts}${left}`)
}

/**
 * Waits for the end of a check that is under way, if any. Throws why it failed; one that was cancelled leaves the data set as it
 * was.
 */
export async function followCheck(host: HostConnection, id: string, output: Output): Promise<DatasetOverview> {
  const bar = progressBar()
  let ended = () => {}
  const end = new Promise<void>((resolve) => {
    ended = resolve
  })
  const onChecking = (checking: Checking | null) => {
    output.event({ type: 'dataset-check', dataset: id, checking })
    if (checking === null) ended()
    else if (!output.json) showProgress(bar, checking.text || 'Checking', { ...checking, unit: 'pictures' })
  }
  const stop = await host.listen((event) => {
    if (event.type === 'dataset-check' && event.id === id) onChecking(event.checking)
  })
  try {
    const overview = await host.call(host.client.datasets.overview.query({ id }))
    if (overview.checking === null) return requireChecked(overview)
    await host.call(end)
    return requireChecked(await host.call(host.client.datasets.overview.query({ id })))
  } finally {
    bar.clear()
    stop()
  }
}

function requireChecked(overview: DatasetOverview): DatasetOverview {
  if (overview.checkError) throw fromErrorReport(overview.checkError)
  return overview
}

function failure(dataset: DatasetSummary): RepriseError {
  if (dataset.error) return fromErrorReport(dataset.error)
  return new RepriseError({
    code: 'cancelled',
    message: `Fetching ${dataset.label} was cancelled.`,
    fix: `Run "reprise datasets fetch ${dataset.id}" to fetch it.`,
  })
}
