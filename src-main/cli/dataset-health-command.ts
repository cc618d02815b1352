// `reprise datasets check`, `show` and `exclude`: what is in a data set, what is wrong with it, and what to leave out.
import type { DatasetOverview, FindingKind, HealthReport, MatchCount } from '../shared/dataset-views.ts'
import { RepriseError } from '../shared/errors.ts'
import { followCheck } from './dataset-progress.ts'
import { findingTable, openProblems } from './finding-words.ts'
import { withHost } from './host-connection.ts'
import { count, duration, size } from './number-words.ts'
import type { Output } from './output.ts'
import { splitWords } from './split-words.ts'
import { table } from './table.ts'
import { testSetWords } from './verdict-words.ts'

/** Looks at every picture. Throws `data-format` after the report when there are problems, so that a script can stop. */
export function checkDataset(id: string, output: Output): Promise<void> {
  return withHost(async (host) => {
    await host.call(host.client.datasets.check.mutate({ id }))
    const overview = await followCheck(host, id, output)
    const { health } = overview
    if (health === null) {
      throw new RepriseError({
        code: 'cancelled',
        message: `The check of ${overview.label} was cancelled.`,
        fix: `Run "reprise datasets check ${id}" to start it again.`,
      })
    }
    output.event({ type: 'result', health }, () => `${checkedLine(health)}\n\n${findingTable(health)}`)
    const problems = openProblems(health)
    if (problems.length > 0)
      throw withProblems(
        overview,
        problems.map(({ kind }) => kind),
      )
  })
}

function withProblems({ id, label }: DatasetOverview, kinds: FindingKind[]): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${label} has problems that a training would suffer from.`,
    found: kinds.join(', '),
    fix: `Look at them on the page of the data set, or leave pictures out with "reprise datasets exclude ${id} --finding KIND".`,
  })
}

const checkedLine = ({ pictures, seconds, checkedAt }: HealthReport) =>
  `${count(pictures)} pictures checked in ${duration(seconds)}, ${new Date(checkedAt).toLocaleString('en-GB')}.`

export function showDataset(id: string, output: Output): Promise<void> {
  return withHost(async (host) => {
    const overview = await host.call(host.client.datasets.overview.query({ id }))
    output.result(overview, () => overviewText(overview))
  })
}

function overviewText(overview: DatasetOverview): string {
  const { health, benchmark, benchmarkTest, checkError, excluded } = overview
  const lines = [
    `${overview.label} (${overview.id})`,
    overview.reason,
    ...(overview.path === null ? [] : [`Pictures: ${overview.path}`]),
    `${count(overview.pictures)} pictures, ${size(overview.bytes)}, ${
      overview.storage === 'files' ? 'read from their files' : 'kept as raw pixels'
    }.`,
    `Split: ${splitWords(overview.split)}`,
    `Fingerprint: ${overview.fingerprint}`,
    ...(excluded > 0 ? [`Left out: ${count(excluded)} pictures.`] : []),
    ...(benchmark ? [benchmarkLine(benchmark)] : []),
    ...(benchmarkTest ? [`Test pictures of ${benchmarkTest.label}: ${testSetWords[benchmarkTest.by]}`] : []),
    ...overview.usedBy.map(({ id, name, trains }) => `${trains ? 'Trained on' : 'Waited for'} by ${id} (${name}).`),
  ]
  const report = checkError
    ? `The last check failed: ${checkError.message}`
    : health
      ? `${checkedLine(health)}\n\n${findingTable(health)}`
      : `Not checked yet: run "reprise datasets check ${overview.id}".`
  return [...lines, '', classTable(overview), '', report].join('\n')
}

function benchmarkLine({ label, train, test, exact }: NonNullable<DatasetOverview['benchmark']>): string {
  if (exact) return `This is ${label}, picture for picture.`
  const part = (name: string, { matching, found, expected }: MatchCount) =>
    matching === null
      ? `${count(found)} of ${count(expected)} ${name}`
      : `${count(matching)} of ${count(expected)} ${name} equal`
  return `Looks like ${label}: ${part('training pictures', train)}, ${part('test pictures', test)}.`
}

const mostClasses = 30

function classTable({ classes }: DatasetOverview): string {
  const shown = classes.slice(0, mostClasses)
  const rows = shown.map((c) => [c.name, count(c.train), count(c.val), count(c.test), count(c.excluded)])
  const more = classes.length > mostClasses ? `\n... and ${count(classes.length - mostClasses)} more classes` : ''
  return table(['CLASS', 'TRAIN', 'VALIDATION', 'TEST', 'LEFT OUT'], rows) + more
}

export interface ExcludeFlags {
  finding: FindingKind
  undo?: boolean | undefined
}

export function excludePictures(id: string, { finding, undo = false }: ExcludeFlags, output: Output): Promise<void> {
  return withHost(async (host) => {
    const before = await host.call(host.client.datasets.overview.query({ id }))
    const after = await host.call(host.client.datasets.exclude.mutate({ id, finding, excluded: !undo }))
    const changed = Math.abs(after.excluded - before.excluded)
    output.result(after, () =>
      [
        `${count(changed)} pictures ${undo ? 'taken back' : 'left out'}; ${count(after.excluded)} are left out in all.`,
        ...changeNotes(before, after),
      ].join('\n'),
    )
  })
}

/** What a change of a data set means for runs. */
export function changeNotes(before: DatasetOverview, after: DatasetOverview): string[] {
  if (before.fingerprint === after.fingerprint) return []
  return [
    `Fingerprint: ${after.fingerprint} (before: ${before.fingerprint}).`,
    ...after.usedBy.map(({ id, trains }) =>
      trains ? `${id} goes on with the pictures that it began with.` : `${id} waits, and will train on the change.`,
    ),
  ]
}
