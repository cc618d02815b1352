// `reprise datasets`: what is on this machine, reading the user's own, fetching a known one.
import { resolve } from 'node:path'
import type { DatasetSummary } from '../shared/api.ts'
import { makeDatasetReady } from './dataset-progress.ts'
import { withHost } from './host-connection.ts'
import { count, size } from './number-words.ts'
import type { Output } from './output.ts'
import { table } from './table.ts'

export function listDatasets(output: Output): Promise<void> {
  return withHost(async (host) => {
    const datasets = await host.call(host.client.datasets.list.query())
    output.result(datasets, () =>
      table(
        ['DATA SET', 'NAME', 'STATUS', 'TRAIN', 'TEST', 'CLASSES', 'PICTURE', 'DOWNLOAD'],
        datasets.map((d) => [
          d.id,
          d.label,
          d.status,
          count(d.train),
          count(d.test),
          String(d.classes.length),
          pictureShape(d.shape),
          download(d),
        ]),
      ),
    )
  })
}

function pictureShape([height, width, channels]: DatasetSummary['shape']): string {
  if (channels === 0) return ''
  return height === 0 ? 'unlike sizes' : `${height} × ${width} × ${channels}`
}

function download({ status, source, downloadBytes }: DatasetSummary): string {
  if (status === 'absent' && source === 'user') return 'your copy'
  return status === 'ready' || downloadBytes === 0 ? '' : size(downloadBytes)
}

export interface AddFlags {
  id?: string | undefined
  skipBroken?: boolean | undefined
}

export function addDataset(path: string, flags: AddFlags, output: Output): Promise<void> {
  return withHost(async (host) => {
    const brokenPictures = flags.skipBroken ? ('skip' as const) : ('refuse' as const)
    const input = { path: resolve(path), brokenPictures, ...(flags.id === undefined ? {} : { id: flags.id }) }
    const dataset = await makeDatasetReady(host, () => host.client.datasets.add.mutate(input), output)
    output.event({ type: 'result', dataset }, () => readyText(dataset))
  })
}

export function fetchDataset(id: string, output: Output): Promise<void> {
  return withHost(async (host) => {
    const dataset = await makeDatasetReady(host, () => host.client.datasets.fetch.mutate({ id }), output)
    output.event({ type: 'result', dataset }, () => readyText(dataset))
  })
}

const readyText = ({ id, label, train, test, classes, benchmark }: DatasetSummary) =>
  `${label} (${id}) is ready: ${count(train)} training and ${count(test)} test pictures in ${classes.length} classes` +
  `${benchmark ? ', identical to the benchmark' : ''}.`
