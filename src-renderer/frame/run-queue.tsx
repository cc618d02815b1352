import { ChevronsDown, ChevronsUp, Clock, Ellipsis, Hand, Play } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type QueuePriority, queuePriorities, type RunSummary } from '../../src-main/shared/api.ts'
import { moveToBin } from '../features/runs/bin-actions.ts'
import { holdQueue, useQueueStore } from '../stores/queue-store.ts'
import { queuedRuns, shortName, useRunsStore } from '../stores/runs-store.ts'
import text from '../styles/text.module.css'
import { Button, IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Menu } from '../ui/menu.tsx'
import { attempt } from './attempt.ts'
import { keysText } from './keys.ts'
import { moveInQueue, setPriority } from './queue-actions.ts'
import styles from './side-bar.module.css'

const priorityIcons = { high: ChevronsUp, normal: Clock, low: ChevronsDown } as const

interface QueuedRunProps {
  run: RunSummary
  /** In the whole queue, 1 first. */
  place: number
  count: number
  /** Of its priority, in order. */
  peers: readonly RunSummary[]
  dropTarget: boolean
  onMove: (position: number) => void
  onPriority: (priority: QueuePriority) => void
  onDrag: (event: DragEvent) => void
  onDragOver: (event: DragEvent) => void
  onDragEnd: () => void
  onDrop: (event: DragEvent) => void
}

/** A waiting run: a link, and what can be done with its place. */
function QueuedRun(props: QueuedRunProps) {
  const { run, place, count, peers, dropTarget, onMove, onPriority } = props
  const { t } = useTranslation(['frame', 'sharedWords'])
  const position = peers.findIndex(({ id }) => id === run.id) + 1
  const Icon = priorityIcons[run.priority]
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    event.stopPropagation()
    const by = event.key === 'ArrowUp' ? -1 : 1
    if (!event.shiftKey) onMove(position + by)
    else {
      const next = queuePriorities[queuePriorities.indexOf(run.priority) + by]
      if (next) onPriority(next)
    }
  }
  return (
    <li className={classNames(styles.queued, dropTarget && styles.dropTarget)} data-priority={run.priority}>
      <a
        href={`/runs/${run.id}`}
        draggable
        aria-label={t('frame:queuePlace', {
          name: run.name,
          position: place,
          count,
          priority: t(`sharedWords:priority.${run.priority}`),
        })}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Alt+Shift+ArrowUp Alt+Shift+ArrowDown"
        title={run.name}
        onKeyDown={onKeyDown}
        onDragStart={props.onDrag}
        onDragOver={props.onDragOver}
        onDragEnd={props.onDragEnd}
        onDrop={props.onDrop}
      >
        <Icon size={14} aria-hidden />
        <span>{shortName(run)}</span>
      </a>
      <Menu
        align="end"
        trigger={
          <IconButton
            className={styles.queueMenu}
            size="small"
            label={t('frame:queueActions', { name: run.name })}
            icon={<Ellipsis size={14} />}
          />
        }
        entries={[
          {
            label: t('frame:queueFirst'),
            disabled: position === 1,
            onSelect: () => onMove(1),
          },
          {
            label: t('frame:queueUp'),
            keys: keysText('Alt+ArrowUp'),
            disabled: position === 1,
            onSelect: () => onMove(position - 1),
          },
          {
            label: t('frame:queueDown'),
            keys: keysText('Alt+ArrowDown'),
            disabled: position === peers.length,
            onSelect: () => onMove(position + 1),
          },
          { separator: 'priority' },
          ...queuePriorities.map((priority) => ({
            label: t(`frame:priorityChoice.${priority}`),
            checked: priority === run.priority,
            onSelect: () => onPriority(priority),
          })),
          { separator: 'bin' },
          { label: t('frame:queueBin'), onSelect: () => void moveToBin([run]) },
        ]}
      />
    </li>
  )
}

/** Why nothing starts, and the way on. */
function HeldNote() {
  const { t } = useTranslation('frame')
  const { reason } = useQueueStore()
  return (
    <div className={styles.held} role="status">
      <span>{t(reason === 'unclean-end' ? 'heldUncleanEnd' : 'heldByUser')}</span>
      <Button size="small" icon={<Play size={13} />} onClick={() => void attempt(() => holdQueue(false))}>
        {t('queueGoOn')}
      </Button>
    </div>
  )
}

/**
 * Waiting runs, by priority. Reordered by dragging, by Alt with the arrow keys, or from their menu; Shift with them
 * changes the priority.
 */
export function RunQueue() {
  const { t } = useTranslation('frame')
  const runs = useRunsStore((state) => state.runs)
  const { held } = useQueueStore()
  const [dragged, setDragged] = useState<string | null>(null)
  const [target, setTarget] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const queue = queuedRuns(runs)
  if (runs === null || (queue.length === 0 && !held)) return null
  const peersOf = (priority: QueuePriority) => queue.filter((run) => run.priority === priority)

  const move = (run: RunSummary, priority: QueuePriority, wanted: number) => {
    const peers = peersOf(priority).filter(({ id }) => id !== run.id)
    const position = Math.max(1, Math.min(peers.length + 1, wanted))
    if (run.priority === priority && peersOf(priority)[position - 1]?.id === run.id) return
    setSaid(t('queueMoved', { name: run.name, position }))
    void moveInQueue(run, priority, position)
  }
  const drop = (onto: RunSummary) => {
    const run = queue.find(({ id }) => id === dragged)
    if (!run || run.id === onto.id) return
    move(run, onto.priority, peersOf(onto.priority).findIndex(({ id }) => id === onto.id) + 1)
  }

  return (
    <>
      <div className={classNames(styles.heading, styles.queueHead)}>
        <span>{t(held ? 'queueHeld' : 'queue', { count: queue.length })}</span>
        {!held && (
          <IconButton
            size="small"
            label={t('queueHold')}
            icon={<Hand size={13} />}
            onClick={() => void attempt(() => holdQueue(true))}
          />
        )}
      </div>
      {held && <HeldNote />}
      <ol>
        {queue.map((run, index) => (
          <QueuedRun
            key={run.id}
            run={run}
            place={index + 1}
            count={queue.length}
            peers={peersOf(run.priority)}
            dropTarget={target === run.id}
            onMove={(position) => move(run, run.priority, position)}
            onPriority={(priority) => void setPriority(run, priority)}
            onDrag={(event) => {
              event.dataTransfer.effectAllowed = 'move'
              setDragged(run.id)
            }}
            onDragOver={(event) => {
              if (dragged === null) return
              event.preventDefault()
              setTarget(run.id)
            }}
            onDragEnd={() => {
              setDragged(null)
              setTarget(null)
            }}
            onDrop={(event) => {
              event.preventDefault()
              drop(run)
              setTarget(null)
            }}
          />
        ))}
      </ol>
      <output className={text.hidden}>{said}</output>
    </>
  )
}
