import { FlaskConical, Layers, Plus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { isTyping, keysText } from '../../frame/keys.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { refreshRuns, useRunsStore } from '../../stores/runs-store.ts'
import { useSelectionStore } from '../../stores/selection-store.ts'
import { setChoice, useChoice } from '../../stores/ui-store.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { EmptyState, Skeleton } from '../../ui/empty-state.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Page, PageBody, PageHead } from '../../ui/panel.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { firstVerdictRecipe } from '../recipes/recipe-list.ts'
import { filterRuns, type RunGrouping, type StatusFilter, statusFilters } from './run-list.ts'
import styles from './runs.module.css'
import { RunsTable } from './runs-table.tsx'
import { RunsTabs } from './runs-tabs.tsx'
import { SelectionBar } from './selection-bar.tsx'

function NoRuns() {
  const { t } = useTranslation('runs')
  const recipes = useEngineStore((state) => state.recipes)
  const datasets = useEngineStore((state) => state.datasets)
  const first = firstVerdictRecipe(
    recipes ?? [],
    (id) => datasets?.find((dataset) => dataset.id === id)?.benchmark ?? false,
  )
  return (
    <div className={styles.nothing}>
      <EmptyState
        icon={<FlaskConical size={20} strokeWidth={1.5} />}
        title={t('emptyTitle')}
        actions={
          <>
            <ButtonLink variant="primary" href="/new-run" icon={<Plus size={14} />}>
              {t('newRun')}
            </ButtonLink>
            {first && (
              <ButtonLink href={`/new-run/${first.recipe.id}`}>
                {t('tryFirst', { recipe: first.recipe.title })}
              </ButtonLink>
            )}
          </>
        }
      >
        {t('emptyText')}
      </EmptyState>
    </div>
  )
}

/** Focuses a field when the slash is pressed outside of fields. */
function useSlash() {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      event.preventDefault()
      field.current?.focus()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
  return field
}

/** The history: every run with its verdict. */
export function RunsScreen() {
  const { t } = useTranslation('runs')
  const numbers = useNumbers()
  const { runs, error } = useRunsStore()
  const recipes = useEngineStore((state) => state.recipes) ?? []
  const selected = useSelectionStore((state) => state.runs)
  const grouping = useChoice<RunGrouping>('runs.group', 'recipe')
  const status = useChoice<StatusFilter>('runs.status', 'any')
  const [search, setSearch] = useState('')
  const [renaming, setRenaming] = useState<string | null>(null)
  const searchField = useSlash()

  const titleOf = (id: string) => recipes.find(({ recipe }) => recipe.id === id)?.recipe.title ?? id
  const shown = filterRuns(runs ?? [], search, status, titleOf)
  const counts = { shown: numbers.count(shown.length), all: numbers.count(runs?.length ?? 0) }
  const showAll = () => {
    setSearch('')
    setChoice('runs.status', 'any')
  }

  return (
    <Page>
      <PageHead
        title={t('title')}
        actions={
          <ButtonLink href="/new-run" icon={<Plus size={14} />} title={keysText('Mod+N')}>
            {t('newRun')}
          </ButtonLink>
        }
      />
      <RunsTabs current="runs" />
      {runs !== null && runs.length > 0 && (
        <div className={styles.filters}>
          <SearchField
            label={t('search')}
            ref={searchField}
            className={styles.search}
            value={search}
            onChange={setSearch}
          />
          <Menu
            trigger={<Chip name={t('statusFilter')} value={t(`statusFilters.${status}`)} />}
            entries={statusFilters.map((filter) => ({
              label: t(`statusFilters.${filter}`),
              checked: filter === status,
              onSelect: () => setChoice('runs.status', filter),
            }))}
          />
          <span className={styles.shown}>{t('shown', counts)}</span>
          <Menu
            align="end"
            trigger={
              <Button size="small" icon={<Layers size={14} />}>
                {t('group', { by: t(`groups.${grouping}`) })}
              </Button>
            }
            entries={(['recipe', 'sweep', 'none'] as const).map((by) => ({
              label: t(`groups.${by}`),
              checked: by === grouping,
              onSelect: () => setChoice('runs.group', by),
            }))}
          />
        </div>
      )}
      {error && <ErrorReportBanner report={error} onRetry={() => void refreshRuns()} />}
      {runs === null && !error && (
        <div className={styles.nothing}>
          <Skeleton lines={6} words={t('readingRuns')} />
        </div>
      )}
      {runs !== null && runs.length === 0 && (
        <PageBody>
          <NoRuns />
        </PageBody>
      )}
      {runs !== null && runs.length > 0 && shown.length === 0 && (
        <div className={styles.nothing}>
          <EmptyState
            title={search === '' ? t('noMatchFilter') : t('noMatch', { query: search })}
            actions={<Button onClick={showAll}>{t('clearSearch')}</Button>}
          />
        </div>
      )}
      {shown.length > 0 && (
        <RunsTable runs={shown} recipes={recipes} grouping={grouping} renaming={renaming} onRename={setRenaming} />
      )}
      <SelectionBar runs={(runs ?? []).filter(({ id }) => selected.has(id))} onRename={setRenaming} />
    </Page>
  )
}
