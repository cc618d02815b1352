// `reprise runs`: the history, one run, and stopping one.
import type { RunDetail, RunSummary } from '../shared/api.ts'
import { describeError } from '../shared/errors.ts'
import type { ResumeCertificate } from '../shared/resume-certificate.ts'
import { withHost } from './host-connection.ts'
import { duration, percent } from './number-words.ts'
import type { Output } from './output.ts'
import { table } from './table.ts'
import { alertText, appliedText, interruptionText } from './trouble-words.ts'
import { verdictLines } from './verdict-words.ts'

export function listRuns(output: Output): Promise<void> {
  return withHost(async (host) => {
    const runs = await host.call(host.client.runs.list.query())
    output.result(runs, () =>
      runs.length === 0 ? 'No runs yet. Start one: reprise run mnist-lenet5' : runsTable(runs),
    )
  })
}

export function showRun(id: string, output: Output): Promise<void> {
  return withHost(async (host) => {
    const run = await host.call(host.client.runs.get.query({ id }))
    output.result(run, () => runText(run))
  })
}

/** Stops a run now, or after its epoch; resolves as soon as the host has passed it on. */
export function stopRun(id: string, mode: 'now' | 'epoch', output: Output): Promise<void> {
  return withHost(async (host) => {
    const run = await host.call(host.client.runs.stop.mutate({ runId: id, mode }))
    const when = run.status === 'stopping' ? (mode === 'now' ? 'is stopping' : 'stops after this epoch') : 'is stopped'
    output.result(run, () => `${run.name} (${run.id}) ${when}; what it has is kept.`)
  })
}

const runsTable = (runs: RunSummary[]) =>
  table(
    ['RUN', 'NAME', 'RECIPE', 'STATUS', 'SEEDS', 'TOP-1', 'VERDICT', 'TRAINED'],
    runs.map((run) => [
      run.id,
      run.name,
      run.recipeId,
      run.status,
      `${run.seeds.filter((seed) => seed.status === 'finished').length}/${run.seeds.length}`,
      percent(run.verdict?.mean ?? run.curve.at(-1)),
      run.verdict?.outcome ?? '–',
      duration(run.seconds),
    ]),
  )

function runText(run: RunDetail): string {
  const seeds = run.seeds.map(({ seed, status, step, totalSteps, result, top1 }) => [
    String(seed),
    status,
    `${step}/${totalSteps}`,
    percent(result?.last.top1 ?? top1),
    percent(result?.best.top1),
    duration(result?.trainSeconds),
  ])
  const { environment } = run
  return [
    `${run.name} (${run.id}), recipe ${run.recipeId}: ${run.status}`,
    ...(environment
      ? [`${environment.device}, ${environment.precision}, TensorFlow ${environment.tensorflow}, ${environment.cpu}`]
      : []),
    '',
    table(['SEED', 'STATUS', 'STEP', 'LAST', 'BEST', 'TRAINED'], seeds),
    ...(run.verdict ? ['', ...verdictLines(run.verdict)] : []),
    ...(run.interruption ? ['', interruptionText(run, run.interruption)] : []),
    ...listed('Changed while it trained:', run.applied.map(appliedText)),
    ...listed('Alerts:', run.alerts.map(alertText)),
    ...(run.certificate ? ['', certificateLine(run.certificate)] : []),
    ...(run.error ? ['', describeError(run.error)] : []),
  ].join('\n')
}

const listed = (head: string, lines: string[]) => (lines.length === 0 ? [] : ['', head, ...lines])

const certificateLine = ({ equal, epochs, pausedAt, maxDifference, firstDifference }: ResumeCertificate) =>
  `Resume proved over ${epochs} epochs, broken off after steps ${pausedAt.join(' and ')}: ` +
  (equal ? 'equal, bit by bit.' : `largest difference ${maxDifference}, first in ${firstDifference}.`)
