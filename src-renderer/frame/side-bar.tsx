import { BookOpen, Clock, FlaskConical, Hand, House, Images } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNumbers } from '../i18n/i18n.ts'
import type { Route } from '../router/routes.ts'
import { useEngineStore } from '../stores/engine-store.ts'
import { useQueueStore } from '../stores/queue-store.ts'
import { queuedRuns, useRunsStore } from '../stores/runs-store.ts'
import { classNames } from '../ui/class-names.ts'
import { Popover } from '../ui/popover.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { BrokenOffCards, LiveRunCards } from './run-cards.tsx'
import { RunQueue } from './run-queue.tsx'
import styles from './side-bar.module.css'

const belongsTo: Record<Route['view'], string> = {
  home: 'home',
  recipes: 'recipes',
  'new-run': 'runs',
  datasets: 'datasets',
  dataset: 'datasets',
  runs: 'runs',
  bin: 'runs',
  run: 'runs',
  settings: '',
  'not-found': '',
}

/** Behind an icon, where there is no room for names. */
function NarrowQueue() {
  const { t } = useTranslation('frame')
  const queued = useRunsStore((state) => queuedRuns(state.runs).length)
  const held = useQueueStore((state) => state.held)
  if (queued === 0 && !held) return null
  return (
    <Popover
      label={t(held ? 'queueHeld' : 'queue', { count: queued })}
      trigger={
        <button
          type="button"
          className={classNames(styles.entry, styles.narrowQueue)}
          aria-label={t(held ? 'queueHeld' : 'queue', { count: queued })}
        >
          {held ? <Hand size={15} aria-hidden /> : <Clock size={15} aria-hidden />}
          <span className={styles.narrowCount}>{queued}</span>
        </button>
      }
    >
      <div className={styles.queuePanel}>
        <RunQueue />
      </div>
    </Popover>
  )
}

/** Where to go, then what trains now, then what waits. Icons alone when narrow. */
export function SideBar({ route, narrow }: { route: Route; narrow: boolean }) {
  const { t } = useTranslation('frame')
  const numbers = useNumbers()
  const recipes = useEngineStore((state) => state.recipes)
  const datasets = useEngineStore((state) => state.datasets)
  const runs = useRunsStore((state) => state.runs)
  const entries = [
    { id: 'home', href: '/', label: t('home'), icon: House, count: null },
    { id: 'recipes', href: '/recipes', label: t('recipes'), icon: BookOpen, count: recipes?.length ?? null },
    { id: 'datasets', href: '/datasets', label: t('datasets'), icon: Images, count: datasets?.length ?? null },
    { id: 'runs', href: '/runs', label: t('runs'), icon: FlaskConical, count: runs?.length || null },
  ]
  return (
    <aside className={classNames(styles.bar, narrow && styles.narrow)} aria-label={t('sidebar')}>
      <nav aria-label={t('mainNavigation')}>
        {entries.map(({ id, href, label, icon: Icon, count }) => {
          const link = (
            <a
              key={id}
              href={href}
              className={styles.entry}
              aria-current={belongsTo[route.view] === id ? 'page' : undefined}
              aria-label={narrow ? label : undefined}
            >
              <Icon size={16} strokeWidth={1.75} aria-hidden />
              {!narrow && label}
              {!narrow && count !== null && <span className={styles.count}>{numbers.count(count)}</span>}
            </a>
          )
          return narrow ? (
            <Tooltip key={id} text={label} side="right">
              {link}
            </Tooltip>
          ) : (
            link
          )
        })}
      </nav>
      <LiveRunCards narrow={narrow} />
      <BrokenOffCards narrow={narrow} />
      {narrow ? <NarrowQueue /> : <RunQueue />}
    </aside>
  )
}
