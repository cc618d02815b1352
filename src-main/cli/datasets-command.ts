// `reprise datasets`: what is on this machine, reading the user's own, fetching a known one.
import { resolve } from 'node:path'
import type { DatasetSummary } from '../shared/api.ts'
import type { BoxRule } from '../shared/registry/readers.ts'
import { shellWord } from '../shared/shell-word.ts'
import { followCheck, makeDatasetReady } from './dataset-progress.ts'
import { findingTable } from './finding-words.ts'
import { withHost } from './host-connection.ts'
import { count, size } from './number-words.ts'
import type { Output } from './output.ts'
import { table } from './table.ts'
import { testSetWords } from './verdict-words.ts'

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
  boxRule?: BoxRule | undefined
  fit?: number | undefined
  /** Commander's name of --no-check. */
  check?: boolean | undefined
}

export function addDataset(path: string, flags: AddFlags, output: Output): Promise<void> {
  return withHost(async (host) => {
    const brokenPictures = flags.skipBroken ? ('skip' as const) : ('refuse' as const)
    const { id, boxRule, fit, check = true } = flags
    const input = { path: resolve(path), brokenPictures, id, boxRule, fit }
    const dataset = await makeDatasetReady(host, () => host.client.datasets.add.mutate(input), output)
    output.event({ type: 'result', dataset }, () => readyText(dataset))
    if (!check) return
    // The host begins the check by itself; one that this command started would end with it.
    const { health } = await followCheck(host, dataset.id, output)
    if (!health) return
    const isClean = health.findings.every(({ severity }) => severity === 'passed')
    output.event({ type: 'health', dataset: dataset.id, health }, () =>
      isClean ? 'The check found nothing.' : `The check found:\n${findingTable(health)}`,
    )
  })
}

export function lookAtSource(path: string, flags: { boxRule?: BoxRule | undefined }, output: Output): Promise<void> {
  return withHost(async (host) => {
    const { boxRule } = flags
    const look = await host.call(host.client.datasets.look.query({ path: resolve(path), boxRule }))
    output.result(look, () =>
      [
        look.reason,
        `Name: ${look.label}. Reader: ${look.reader}.`,
        `Classes: ${look.classes.length === 0 ? 'known after reading' : count(look.classes.length)}. Pictures: ${
          look.total === null ? 'known after reading' : count(look.total)
        }.`,
        look.storage === 'files' ? 'The pictures stay where they are.' : 'The pixels are copied once, decoded.',
        ...(look.needsBoxRule ? ['Boxes become classes by --box-rule single, largest or most.'] : []),
        `Add it with: reprise datasets add ${shellWord(path)}`,
      ].join('\n'),
    )
  })
}

export function removeDataset(id: string, output: Output): Promise<void> {
  return withHost(async (host) => {
    await host.call(host.client.datasets.remove.mutate({ id }))
    output.result({ removed: id }, () => `${id} is removed. Files of yours stay where they are.`)
  })
}

export function fetchDataset(id: string, output: Output): Promise<void> {
  return withHost(async (host) => {
    const dataset = await makeDatasetReady(host, () => host.client.datasets.fetch.mutate({ id }), output)
    output.event({ type: 'result', dataset }, () => readyText(dataset))
  })
}

const readyText = ({ id, label, train, test, classes, benchmark, benchmarkBy }: DatasetSummary) =>
  `${label} (${id}) is ready: ${count(train)} training and ${count(test)} test pictures in ${classes.length} classes` +
  `${benchmark ? ', identical to the benchmark' : ''}.` +
  `${benchmarkBy === undefined || benchmarkBy === 'content' ? '' : ` ${testSetWords[benchmarkBy]}`}`
