import { useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecipeSummary, RunSummary } from '../../../src-main/shared/api.ts'
import { useMediaQuery } from '../../frame/use-media-query.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { navigate } from '../../router/router.ts'
import { selectRuns, useSelectionStore } from '../../stores/selection-store.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { PageBody } from '../../ui/panel.tsx'
import { useRowFocus } from '../../ui/row-focus.ts'
import { GroupRow, HeadCell, Table } from '../../ui/table.tsx'
import { moveToBin } from './bin-actions.ts'
import { runAgain } from './run-actions.ts'
import { type RunColumnId, runColumns, runTableFeatures } from './run-columns.ts'
import { groupOf, type RunGrouping, type RunTableItem, tableItems } from './run-list.ts'
import { RunRow } from './run-row.tsx'
import styles from './runs.module.css'

const heads: { id: RunColumnId | 'curve'; width?: number; number?: boolean }[] = [
  { id: 'name' },
  { id: 'status', width: 156 },
  { id: 'top1', width: 122, number: true },
  { id: 'seeds', width: 66, number: true },
  { id: 'againstPaper', width: 136 },
  { id: 'curve', width: 108 },
  { id: 'duration', width: 132, number: true },
  { id: 'device', width: 104 },
  { id: 'finished', width: 118 },
]

function GroupHead(props: {
  item: RunTableItem & { kind: 'group' }
  recipe: RecipeSummary | undefined
  onFold: () => void
}) {
  const { item, recipe, onFold } = props
  const { t } = useTranslation(['runs', 'sharedWords'])
  const numbers = useNumbers()
  const ofRecipe = item.by === 'recipe'
  const title = ofRecipe ? (recipe?.recipe.title ?? item.id) : item.id || t('runs:noSweep')
  const Icon = item.folded ? ChevronRight : ChevronDown
  return (
    <div className={styles.groupCell}>
      <button
        type="button"
        className={styles.fold}
        aria-expanded={!item.folded}
        title={t(item.folded ? 'runs:unfold' : 'runs:fold', { name: title })}
        onClick={onFold}
      >
        <Icon size={14} aria-hidden />
        {title}
      </button>
      <span className={styles.faint}>{ofRecipe ? recipe?.recipe.paper.citation : item.id && recipe?.recipe.title}</span>
      <span className={styles.gap} />
      {ofRecipe && recipe && (
        <span>{t('sharedWords:paperFigure', { figure: numbers.percent(recipe.recipe.paper.figure) })}</span>
      )}
      <span className={styles.faint}>{t('runs:all', { count: item.runs.length })}</span>
    </div>
  )
}

/** The head of its group already says what the name of the run begins with. */
function isNamedByRecipe(run: RunSummary, recipes: ReadonlyMap<string, RecipeSummary>): boolean {
  const title = recipes.get(run.recipeId)?.recipe.title
  return title !== undefined && run.name.startsWith(`${title} · `)
}

export interface RunsTableProps {
  runs: RunSummary[]
  recipes: readonly RecipeSummary[]
  grouping: RunGrouping
  renaming: string | null
  onRename: (runId: string | null) => void
}

/** The runs, grouped and sorted; only the rows on screen are drawn. */
export function RunsTable({ runs, recipes, grouping, renaming, onRename }: RunsTableProps) {
  const { t } = useTranslation('runs')
  const showDevice = useMediaQuery('(min-width: 1361px)')
  const showCurve = useMediaQuery('(min-width: 1200px)')
  const selected = useSelectionStore((state) => state.runs)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [sorting, setSorting] = useState([{ id: 'finished', desc: true }])
  const scroller = useRef<HTMLDivElement>(null)

  const table = useTable({
    features: runTableFeatures,
    columns: runColumns,
    data: runs,
    state: { sorting },
    onSortingChange: (change) => setSorting((before) => (typeof change === 'function' ? change(before) : change)),
  })
  const sorted = table.getRowModel().rows.map((row) => row.original)
  const items = useMemo(() => tableItems(sorted, grouping, folded), [sorted, grouping, folded])
  const ids = items.flatMap((item) => (item.kind === 'run' ? [item.run.id] : []))
  const recipeById = useMemo(() => new Map(recipes.map((one) => [one.recipe.id, one])), [recipes])
  const columns = heads.filter(({ id }) => (showDevice || id !== 'device') && (showCurve || id !== 'curve'))

  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 35,
    overscan: 16,
  })
  const rows = virtual.getVirtualItems()
  const above = rows[0]?.start ?? 0
  const below = virtual.getTotalSize() - (rows.at(-1)?.end ?? 0)

  const fold = (group: string, closed: boolean) => {
    const next = new Set(folded)
    if (closed) next.add(group)
    else next.delete(group)
    setFolded(next)
  }
  const markedOr = (id: string) => runs.filter((run) => (selected.size > 0 ? selected.has(run.id) : run.id === id))
  const onKey = (event: KeyboardEvent, id: string): boolean => {
    const run = runs.find((one) => one.id === id)
    if (!run) return false
    if (event.key === 'x' || event.key === 'X') selectRuns([id], !selected.has(id))
    else if (event.key === 'F2') onRename(id)
    else if (event.key === 'r') void runAgain(markedOr(id))
    else if (event.key === 'Delete') void moveToBin(markedOr(id))
    else if (event.key === '[' && grouping !== 'none') fold(groupOf(run, grouping), true)
    else if (event.key === ']') setFolded(new Set())
    else return false
    return true
  }
  const { tabIndexOf, onKeyDown } = useRowFocus(ids, null, {
    onMove: (id, extend) => extend && selectRuns([id], true),
    onOpen: (id) => navigate({ view: 'run', runId: id, tab: null }),
    onKey,
  })
  const marked = ids.filter((id) => selected.has(id)).length
  const sortOf = (id: string) => sorting.find((one) => one.id === id)

  return (
    <PageBody ref={scroller} className={styles.scroller}>
      <Table wide stickyHead className={styles.table} onKeyDown={onKeyDown} aria-rowcount={items.length}>
        <thead>
          <tr>
            <th scope="col" className={styles.check}>
              <Checkbox
                aria-label={t('selectAll')}
                checked={marked > 0 && marked === ids.length}
                mixed={marked > 0 && marked < ids.length}
                onChange={(checked) => selectRuns(ids, checked)}
              />
            </th>
            {columns.map(({ id, width, number }) => {
              const sort = sortOf(id)
              return (
                <HeadCell
                  key={id}
                  {...(width !== undefined && { width })}
                  {...(number && { number })}
                  {...(id !== 'curve' && {
                    sorted: sort ? (sort.desc ? 'desc' : 'asc') : null,
                    onSort: () => setSorting([{ id, desc: sort ? !sort.desc : id !== 'name' }]),
                  })}
                >
                  {t(id)}
                </HeadCell>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {above > 0 && (
            <tr aria-hidden>
              <td colSpan={columns.length + 1} style={{ height: above }} />
            </tr>
          )}
          {rows.map(({ index }) => {
            const item = items[index]
            if (!item) return null
            if (item.kind === 'group') {
              return (
                <GroupRow key={`group ${item.id}`} columns={columns.length + 1}>
                  <GroupHead
                    item={item}
                    recipe={recipeById.get(item.runs[0]?.recipeId ?? '')}
                    onFold={() => fold(item.id, !item.folded)}
                  />
                </GroupRow>
              )
            }
            const { run } = item
            return (
              <RunRow
                key={run.id}
                run={run}
                recipe={recipeById.get(run.recipeId)}
                selected={selected.has(run.id)}
                tabIndex={tabIndexOf(run.id)}
                showDevice={showDevice}
                showCurve={showCurve}
                short={grouping === 'sweep' || (grouping === 'recipe' && isNamedByRecipe(run, recipeById))}
                renaming={renaming === run.id}
                onRenamed={() => onRename(null)}
              />
            )
          })}
          {below > 0 && (
            <tr aria-hidden>
              <td colSpan={columns.length + 1} style={{ height: below }} />
            </tr>
          )}
        </tbody>
      </Table>
    </PageBody>
  )
}
