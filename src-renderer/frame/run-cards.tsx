// Runs that a worker is at, and runs that wait to go on, in the side bar.
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../src-main/shared/api.ts'
import { resumeRun } from '../features/run/run-actions.ts'
import { useNumbers } from '../i18n/i18n.ts'
import { brokenOffRuns, liveRuns, runProgress, seedPlace, shortName, useRunsStore } from '../stores/runs-store.ts'
import { classNames } from '../ui/class-names.ts'
import { ProgressBar } from '../ui/progress-bar.tsx'
import styles from './side-bar.module.css'

/** More of them are one click away, in the list of runs. */
const mostBrokenOff = 3

function CardHead({ run, progress }: { run: RunSummary; progress: number | null }) {
  const numbers = useNumbers()
  return (
    <span className={styles.liveHead}>
      <span className={styles.liveName} title={run.name}>
        {shortName(run)}
      </span>
      <span className={styles.faint}>{progress === null ? '' : numbers.progress(progress)}</span>
    </span>
  )
}

/** A run that trains, or waits with its device: bar and time left; a click opens it. */
function LiveRunCard({ run, narrow }: { run: RunSummary; narrow: boolean }) {
  const { t } = useTranslation(['frame', 'sharedWords'])
  const numbers = useNumbers()
  const live = useRunsStore((state) => state.live[run.id])
  const progress = runProgress(run)
  const { at, of } = seedPlace(run)
  const secondsLeft = live?.allSecondsLeft ?? run.secondsLeft
  const timeLeft = numbers.duration(secondsLeft)
  const seed = run.seeds.find(({ status }) => status === 'running' || status === 'paused')
  const spoken =
    seed && seed.totalSteps > 0
      ? t('frame:stepText', { step: numbers.count(seed.step), total: numbers.count(seed.totalSteps), time: timeLeft })
      : undefined
  const paused = run.status === 'paused'
  const bar = (
    <ProgressBar value={progress} label={run.name} tone={paused ? 'still' : 'live'} {...(spoken && { text: spoken })} />
  )
  if (narrow) {
    return (
      <a href={`/runs/${run.id}`} className={styles.live} aria-label={run.name} title={run.name}>
        {bar}
      </a>
    )
  }
  const state = () => {
    if (paused) return t('frame:pausedWithDevice')
    if (run.status !== 'running') return t(`sharedWords:status.${run.status === 'pausing' ? 'pausing' : 'stopping'}`)
    return secondsLeft === null ? t('sharedWords:status.starting') : t('sharedWords:timeLeft', { time: timeLeft })
  }
  return (
    <a href={`/runs/${run.id}`} className={styles.live}>
      <CardHead run={run} progress={progress} />
      {bar}
      <span className={styles.faint}>
        {of > 1 && `${t('frame:seedPlace', { at, of })} · `}
        {state()}
      </span>
    </a>
  )
}

/** A run that was paused or broke off: why, and the way on. */
function BrokenOffCard({ run, narrow }: { run: RunSummary; narrow: boolean }) {
  const { t } = useTranslation('frame')
  const progress = runProgress(run)
  const cause = t(`cause.${run.interruption?.cause ?? 'paused'}`)
  const bar = <ProgressBar value={progress ?? 0} label={`${run.name}, ${cause}`} tone="still" />
  if (narrow) {
    const words = `${run.name}, ${cause}`
    return (
      <a href={`/runs/${run.id}`} className={styles.live} aria-label={words} title={words}>
        {bar}
      </a>
    )
  }
  const calm = run.interruption?.cause === 'paused'
  return (
    <div className={styles.brokenOff}>
      <a href={`/runs/${run.id}`} className={styles.brokenLink}>
        <CardHead run={run} progress={progress} />
        {bar}
      </a>
      <span className={classNames(styles.cause, calm && styles.calm)}>
        {cause}
        <button type="button" aria-label={t('resumeRun', { name: run.name })} onClick={() => void resumeRun(run)}>
          {t('resume')}
        </button>
      </span>
    </div>
  )
}

/** Every run with a worker: one on most machines, one for each device at most. */
export function LiveRunCards({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation('frame')
  const live = liveRuns(useRunsStore((state) => state.runs))
  if (live.length === 0) return null
  return (
    <>
      {!narrow && <div className={styles.heading}>{t('running')}</div>}
      {live.map((run) => (
        <LiveRunCard key={run.id} run={run} narrow={narrow} />
      ))}
    </>
  )
}

/** The runs that were broken off last; all of them are in the list of runs. */
export function BrokenOffCards({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation('frame')
  const brokenOff = brokenOffRuns(useRunsStore((state) => state.runs))
  if (brokenOff.length === 0) return null
  const more = brokenOff.length - mostBrokenOff
  const paused = brokenOff.every(({ interruption }) => interruption?.cause === 'paused')
  return (
    <>
      {!narrow && <div className={styles.heading}>{t(paused ? 'pausedRuns' : 'brokenOffRuns')}</div>}
      {brokenOff.slice(0, narrow ? 1 : mostBrokenOff).map((run) => (
        <BrokenOffCard key={run.id} run={run} narrow={narrow} />
      ))}
      {!narrow && more > 0 && (
        <a href="/runs" className={styles.moreBroken}>
          {t('moreBrokenOff', { count: more })}
        </a>
      )}
    </>
  )
}
