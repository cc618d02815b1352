// Follows a run from its start to its end: events, the bar, and Ctrl-C.
import type { HostEvent, LiveState, RunDetail, RunSummary } from '../shared/api.ts'
import type { EpochResult } from '../shared/worker-protocol.ts'
import { type HostConnection, hasEnded } from './host-connection.ts'
import { duration, percent } from './number-words.ts'
import type { Output } from './output.ts'
import { type ProgressBar, progressBar } from './progress-bar.ts'
import { alertText } from './trouble-words.ts'

/**
 * Starts a run and resolves with it once it has ended, however it ended. The first Ctrl-C asks the host to stop the run now
 * and keep what it has; a second one leaves at once.
 */
export async function followRun(
  host: HostConnection,
  start: () => Promise<RunSummary>,
  output: Output,
): Promise<RunDetail> {
  const bar = progressBar()
  const early: HostEvent[] = []
  let hear = (event: HostEvent) => void early.push(event)
  const end = await host.listen((event) => hear(event))
  let interrupt = () => {}
  try {
    const run = await host.call(start())
    output.event({ type: 'run', runId: run.id, name: run.name, seeds: run.seeds.map(({ seed }) => seed) }, () => {
      return `${run.name} (${run.id}), ${run.seeds.length === 1 ? 'seed' : 'seeds'} ${seedRange(run)}`
    })
    interrupt = stopOnInterrupt(host, run.id, output, bar)
    if (run.status === 'queued') await passHeldQueue(host, output)
    await host.call(
      new Promise<void>((resolve) => {
        const printed = eventPrinter(run, output, bar)
        hear = (event) => {
          printed(event)
          if (event.type === 'run' && event.run.id === run.id && hasEnded(event.run)) resolve()
          if (event.type === 'run-removed' && event.runId === run.id) resolve()
        }
        for (const event of early.splice(0)) hear(event)
        if (hasEnded(run)) resolve()
      }),
    )
    return await host.call(host.client.runs.get.query({ id: run.id }))
  } finally {
    interrupt()
    bar.clear()
    end()
  }
}

/**
 * A queue that is held since an unclean end waits for a word of the user: a command in the foreground is one, where no window can
 * give it. Any other hold stays, and is told.
 */
async function passHeldQueue(host: HostConnection, output: Output): Promise<void> {
  const { held, reason } = await host.call(host.client.runs.queue.query())
  if (!held) return
  const goesOn = host.own && reason === 'unclean-end'
  if (goesOn) await host.call(host.client.runs.holdQueue.mutate({ held: false }))
  output.event({ type: 'queue', held: !goesOn, reason })
  output.note(
    goesOn
      ? 'The queue, which was held since the app did not end as it should, goes on.'
      : 'The queue is held; "reprise queue go-on" lets it go on.',
  )
}

function stopOnInterrupt(host: HostConnection, runId: string, output: Output, bar: ProgressBar): () => void {
  let asked = false
  const handler = () => {
    if (asked) process.exit(130)
    asked = true
    bar.clear()
    output.note('Stopping; what is trained so far is kept. Press Ctrl-C again to leave at once.')
    host.client.runs.stop.mutate({ runId, mode: 'now' }).catch(() => {})
  }
  process.on('SIGINT', handler)
  process.on('SIGTERM', handler)
  return () => {
    process.off('SIGINT', handler)
    process.off('SIGTERM', handler)
  }
}

/** Prints what concerns `run`: one line of JSON per event, or epochs as text with the bar below them. */
function eventPrinter(run: RunSummary, output: Output, bar: ProgressBar): (event: HostEvent) => void {
  let phase = ''
  return (event) => {
    if (event.type === 'live' && event.runId === run.id) {
      const { live } = event
      const { seed, step, totalSteps, imagesPerSecond, seedSecondsLeft, allSecondsLeft } = live
      if (live.phase !== phase) output.event({ type: 'phase', seed, phase: live.phase, text: live.phaseText })
      phase = live.phase
      if (output.json && live.phase === 'training') {
        output.event({ type: 'progress', seed, step, totalSteps, imagesPerSecond, seedSecondsLeft, allSecondsLeft })
      } else if (output.json && live.total !== null) {
        output.event({ type: 'progress', seed, phase: live.phase, done: live.done, total: live.total })
      }
      if (!output.json) bar.update(overallShare(run, live), liveWords(run, live))
    }
    if (event.type === 'run' && event.run.id === run.id && event.run.status === 'queued') {
      bar.update(null, `waiting, place ${event.run.queuePosition ?? 1} in the queue`)
    }
    if (event.type === 'run' && event.run.id === run.id && event.run.status === 'paused') {
      bar.update(null, `paused; "reprise runs resume ${run.id}" goes on`)
    }
    if (event.type === 'alert' && event.runId === run.id) {
      bar.clear()
      const { kind, seed, step, values } = event.alert
      output.event({ type: 'alert', kind, seed, step, values }, () => alertText(event.alert))
    }
    if (event.type === 'epoch' && event.runId === run.id) {
      bar.clear()
      output.event({ type: 'epoch', ...event.result }, () => epochText(event.result))
    }
    if (event.type === 'log' && event.runId === run.id && event.line.level !== 'info') {
      bar.clear()
      output.event({ type: 'log', ...event.line }, () => event.line.text)
    }
  }
}

function overallShare(run: RunSummary, { seed, phase, step, totalSteps, done, total }: LiveState): number | null {
  if (phase === 'data' || phase === 'libraries') return done !== null && total ? done / total : null
  const before = run.seeds.findIndex((state) => state.seed === seed)
  return totalSteps === 0 ? null : (Math.max(0, before) + step / totalSteps) / run.seeds.length
}

const phaseWords: Record<LiveState['phase'], string> = {
  libraries: 'loading TensorFlow',
  data: 'reading data',
  tracing: 'building the training step',
  training: 'training',
  evaluating: 'evaluating',
  saving: 'saving',
}

function liveWords(run: RunSummary, live: LiveState): string {
  const { seed, phase, phaseText, step, stepsPerEpoch, imagesPerSecond, allSecondsLeft } = live
  const parts = [run.seeds.length > 1 ? `seed ${seed}` : '']
  if (phase !== 'training') parts.push(phaseText ?? phaseWords[phase])
  else if (stepsPerEpoch > 0) parts.push(`epoch ${(step / stepsPerEpoch).toFixed(1)}`)
  if (imagesPerSecond !== null) parts.push(`${Math.round(imagesPerSecond).toLocaleString('en-US')} images/s`)
  parts.push(allSecondsLeft === null ? 'time left unknown yet' : `${duration(allSecondsLeft)} left`)
  return parts.filter((part) => part !== '').join(', ')
}

const epochText = ({ seed, epoch, trainLoss, testTop1, trainSeconds, final }: EpochResult) =>
  `seed ${seed}  epoch ${String(Math.round(epoch * 100) / 100).padStart(3)}  test ${percent(testTop1)}` +
  `  loss ${trainLoss.toPrecision(4)}  ${duration(trainSeconds)}${final ? '  final' : ''}`

function seedRange({ seeds }: RunSummary): string {
  const first = seeds[0]?.seed ?? 1
  const last = seeds.at(-1)?.seed ?? first
  return first === last ? `${first}` : `${first} to ${last}`
}
