import { useTranslation } from 'react-i18next'
import { useNumbers } from '../i18n/i18n.ts'
import { liveRun, runProgress, seedPlace, useRunsStore } from '../stores/runs-store.ts'
import { ProgressBar } from '../ui/progress-bar.tsx'
import styles from './side-bar.module.css'

/** The run that trains: bar and time left; a click opens it. */
export function LiveRunCard({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation(['frame', 'sharedWords'])
  const numbers = useNumbers()
  const run = useRunsStore((state) => liveRun(state.runs))
  const live = useRunsStore((state) => (run ? state.live[run.id] : undefined))
  if (!run) return null
  const progress = runProgress(run)
  const { at, of } = seedPlace(run)
  const secondsLeft = live?.allSecondsLeft ?? run.secondsLeft
  const timeLeft = numbers.duration(secondsLeft)
  const seed = run.seeds.find(({ status }) => status === 'running')
  const spoken =
    seed && seed.totalSteps > 0
      ? t('frame:stepText', { step: numbers.count(seed.step), total: numbers.count(seed.totalSteps), time: timeLeft })
      : undefined
  const bar = <ProgressBar value={progress} label={run.name} {...(spoken && { text: spoken })} />
  if (narrow) {
    return (
      <a href={`/runs/${run.id}`} className={styles.live} aria-label={run.name} title={run.name}>
        {bar}
      </a>
    )
  }
  return (
    <>
      <div className={styles.heading}>{t('frame:running')}</div>
      <a href={`/runs/${run.id}`} className={styles.live}>
        <span className={styles.liveHead}>
          <span className={styles.liveName} title={run.name}>
            {run.name}
          </span>
          <span className={styles.faint}>{progress === null ? '' : numbers.progress(progress)}</span>
        </span>
        {bar}
        <span className={styles.faint}>
          {of > 1 && `${t('frame:seedPlace', { at, of })} · `}
          {secondsLeft === null
            ? t(run.status === 'stopping' ? 'sharedWords:status.stopping' : 'sharedWords:status.starting')
            : t('sharedWords:timeLeft', { time: timeLeft })}
        </span>
      </a>
    </>
  )
}
