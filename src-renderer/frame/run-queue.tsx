import { Clock } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moveInQueue, queuedRuns, useRunsStore } from '../stores/runs-store.ts'
import text from '../styles/text.module.css'
import { classNames } from '../ui/class-names.ts'
import { attempt } from './attempt.ts'
import styles from './side-bar.module.css'

/** Waiting runs. Reordered by dragging, or by Alt with the arrow keys. */
export function RunQueue() {
  const { t } = useTranslation('frame')
  const runs = useRunsStore((state) => state.runs)
  const [dragged, setDragged] = useState<string | null>(null)
  const [target, setTarget] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const queue = queuedRuns(runs)
  if (queue.length === 0) return null

  const move = (runId: string, place: number) => {
    const position = Math.max(1, Math.min(queue.length, place))
    const run = queue.find(({ id }) => id === runId)
    if (!run || queue[position - 1]?.id === runId) return
    setSaid(t('queueMoved', { name: run.name, position }))
    void attempt(() => moveInQueue(runId, position))
  }
  const onKeyDown = (event: KeyboardEvent, runId: string, place: number) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    event.stopPropagation()
    move(runId, place + (event.key === 'ArrowUp' ? -1 : 1))
  }

  return (
    <>
      <div className={styles.heading}>{t('queue', { count: queue.length })}</div>
      <ol>
        {queue.map((run, index) => (
          <li key={run.id}>
            <a
              href={`/runs/${run.id}`}
              draggable
              className={classNames(styles.queued, target === run.id && styles.dropTarget)}
              aria-label={t('queuePlace', { name: run.name, position: index + 1, count: queue.length })}
              title={run.name}
              onKeyDown={(event) => onKeyDown(event, run.id, index + 1)}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move'
                setDragged(run.id)
              }}
              onDragOver={(event) => {
                if (dragged === null) return
                event.preventDefault()
                setTarget(run.id)
              }}
              onDragLeave={() => setTarget(null)}
              onDragEnd={() => {
                setDragged(null)
                setTarget(null)
              }}
              onDrop={(event) => {
                event.preventDefault()
                if (dragged) move(dragged, index + 1)
                setTarget(null)
              }}
            >
              <Clock size={14} aria-hidden />
              <span>{run.name}</span>
            </a>
          </li>
        ))}
      </ol>
      <output className={text.hidden}>{said}</output>
    </>
  )
}
