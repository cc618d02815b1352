// The figures above the tabs while a run waits, trains or stands still: what it reached, where it is, how fast, how long.
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { SeedBars } from '../../charts/seed-bars.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { liveRun, queuedRuns, useRunsStore } from '../../stores/runs-store.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { isPreparing, phaseWords } from './phase-words.ts'
import { evaluationsOf, isAtWork, mainSeed, savedState, stepsPerEpoch, totalSteps } from './run-facts.ts'
import styles from './run-screen.module.css'

interface Figure {
  name: string
  value: string
  /** Quiet continuation of the value, such as its unit. */
  rest?: string
  note: string
}

export function KeyFigures({ run }: { run: RunDetail }) {
  return (
    <div className={styles.progress}>
      {run.status === 'queued' ? <QueueWords run={run} /> : <Figures run={run} />}
      <RunSeedBars run={run} />
      <PhaseLine run={run} />
    </div>
  )
}

function QueueWords({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const runs = useRunsStore((state) => state.runs)
  const queue = queuedRuns(runs)
  const place = queue.findIndex(({ id }) => id === run.id)
  const before = place > 0 ? queue[place - 1] : liveRun(runs)
  const position = place + 1 || (run.queuePosition ?? 1)
  return (
    <p className={styles.queueWords}>
      {before ? t('phase.queuedAfter', { position, run: before.name }) : t('phase.queued', { position })}
    </p>
  )
}

function useFigures(run: RunDetail): Figure[] {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const { live } = run
  const seed = mainSeed(run)
  const state = run.seeds.find((one) => one.seed === seed)
  const atWork = isAtWork(run)
  if (atWork && !live) return []
  const step = live?.step ?? state?.step ?? 0
  const total = totalSteps(run)
  const { newest, best } = evaluationsOf(run, seed)
  const perEpoch = stepsPerEpoch(run)
  const rested = run.alerts.some(({ kind }) => kind === 'resumed')
  /** When it will be done: nobody knows while it stands still. */
  const at = (seconds: number | null) => {
    if (!atWork) return t('figure.pausesExcluded')
    if (seconds === null) return t('figure.afterSteps')
    return t(rested ? 'figure.atPauses' : 'figure.at', { time: numbers.clock(Date.now() + seconds * 1000) })
  }
  const allLeft = live?.allSecondsLeft ?? run.secondsLeft
  const epochs = perEpoch > 0 ? Math.ceil(total / perEpoch) : null
  const saved = savedState(run, seed)
  const epochWords = () => {
    if (epochs === null) return ''
    const place = { epoch: Math.min(epochs, Math.floor(step / perEpoch) + 1), total: epochs }
    if (!atWork || !live || live.stepSeconds === null) return t('figure.epoch', place)
    const stepsLeft = Math.min(total, (Math.floor(step / perEpoch) + 1) * perEpoch) - step
    return t('figure.epochLeft', { ...place, time: numbers.duration(stepsLeft * live.stepSeconds) })
  }
  return [
    {
      name: t('figure.top1'),
      value: numbers.percent(newest?.testTop1),
      note: best ? t('figure.best', { figure: numbers.percent(best.testTop1), epoch: numbers.count(best.epoch) }) : '',
    },
    {
      name: t('figure.step'),
      value: numbers.count(step),
      rest: t('figure.of', { total: numbers.count(total || null) }),
      note: epochWords(),
    },
    ...(live && atWork
      ? [
          {
            name: t('figure.speed'),
            value: numbers.speed(live.imagesPerSecond),
            rest: t('figure.imagesPerSecond'),
            note:
              live.stepSeconds === null ? '' : t('figure.perStep', { time: numbers.milliseconds(live.stepSeconds) }),
          },
        ]
      : []),
    ...(live
      ? [{ name: t('figure.seedLeft'), value: numbers.duration(live.seedSecondsLeft), note: at(live.seedSecondsLeft) }]
      : []),
    ...(run.seeds.length > 1 || !live
      ? [
          {
            name: t('figure.allLeft', { count: run.seeds.length }),
            value: numbers.duration(allLeft),
            note: at(allLeft),
          },
        ]
      : []),
    ...(saved
      ? [
          {
            name: t('figure.checkpoint'),
            value: numbers.when(saved.savedAt),
            note: t('figure.checkpointStep', { step: numbers.count(saved.step), size: numbers.bytes(saved.bytes) }),
          },
        ]
      : []),
  ]
}

function Figures({ run }: { run: RunDetail }) {
  const figures = useFigures(run)
  return (
    <dl className={styles.figures}>
      {figures.map(({ name, value, rest, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={styles.figure}>
            {value}
            {rest && <span>{` ${rest}`}</span>}
          </dd>
          <dd className={styles.figureNote}>{note || '\u00a0'}</dd>
        </div>
      ))}
    </dl>
  )
}

function RunSeedBars({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const bars = run.seeds.map(({ seed, status, step, totalSteps: total, top1, result }) => {
    const progress = status === 'finished' ? 1 : total > 0 ? Math.min(1, step / total) : 0
    const figure = numbers.percent(result?.last.top1 ?? top1)
    const notes = {
      queued: t('seed.queued'),
      running: numbers.progress(progress),
      paused: t('seed.paused', { progress: numbers.progress(progress) }),
      finished: figure,
      stopped: t('seed.stopped'),
      failed: t('seed.failed'),
    }
    const states = {
      queued: 'waiting',
      running: 'running',
      paused: 'paused',
      finished: 'done',
      stopped: 'done',
      failed: 'failed',
    } as const
    return {
      label: t('seed.name', { seed }),
      note: notes[status],
      state: states[status],
      progress,
      spoken:
        status === 'running'
          ? t('seed.spokenRunning', { step: numbers.count(step), total: numbers.count(total) })
          : status === 'finished'
            ? t('seed.spokenDone', { figure })
            : notes[status],
    }
  })
  return <SeedBars bars={bars} />
}

/** What the worker does before its first step, in words after a second and with a count as soon as there is one. */
function PhaseLine({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  if (!isAtWork(run) || !run.live || !isPreparing(run.live)) return null
  const { key, values, share } = phaseWords(run.live, numbers)
  const words = t(`phase.${key}`, values)
  return (
    <div className={styles.phase}>
      <span role="status">{words}</span>
      <ProgressBar value={share} label={words} />
    </div>
  )
}
