import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMediaQuery } from '../../frame/use-media-query.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { navigate } from '../../router/router.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { setChoice, useChoice } from '../../stores/ui-store.ts'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Sheet } from '../../ui/dialog.tsx'
import { EmptyState, Skeleton } from '../../ui/empty-state.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Note } from '../../ui/note.tsx'
import { Page, PageBody, PageHead } from '../../ui/panel.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { RecipeDetail } from './recipe-detail.tsx'
import { filterRecipes, groupByDataset, type TimeFilter, timeFilters } from './recipe-list.ts'
import { RecipeTable } from './recipe-table.tsx'
import styles from './recipes.module.css'

/** All recipes, and one of them in full at the side. */
export function RecipesScreen({ recipeId }: { recipeId: string | null }) {
  const { t } = useTranslation('recipes')
  const numbers = useNumbers()
  const recipes = useEngineStore((state) => state.recipes)
  const problems = useEngineStore((state) => state.recipeProblems)
  const machine = useEngineStore((state) => state.machine)
  const datasets = useEngineStore((state) => state.datasets)
  const wide = useMediaQuery('(min-width: 1200px)')
  const [search, setSearch] = useState('')
  const time = useChoice<TimeFilter>('recipes.time', 'any')

  const shown = filterRecipes(recipes ?? [], search, time)
  const groups = groupByDataset(shown, (id) => datasets?.find((one) => one.id === id)?.benchmark ?? true)
  const first = groups[0]?.families[0]?.recipes[0]
  const chosen = recipes?.find(({ recipe }) => recipe.id === recipeId) ?? (wide ? first : undefined)
  const select = (id: string | null) => navigate({ view: 'recipes', recipeId: id }, { replace: recipeId !== null })
  const counts = {
    shown: numbers.count(shown.length),
    all: recipes?.length ?? 0,
    device: machine?.gpu ?? t('thisCpu'),
  }

  return (
    <Page>
      <PageHead title={t('title')} />
      <div className={styles.filters}>
        <SearchField label={t('search')} className={styles.search} value={search} onChange={setSearch} />
        <Menu
          trigger={<Chip name={t('time')} value={t(`timeFilters.${time}`)} />}
          entries={timeFilters.map((filter) => ({
            label: t(`timeFilters.${filter}`),
            checked: filter === time,
            onSelect: () => setChoice('recipes.time', filter),
          }))}
        />
        {recipes && (
          <span className={styles.shown}>{t(shown.length === recipes.length ? 'shownAll' : 'shown', counts)}</span>
        )}
      </div>
      <div className={classNames(styles.columns, (!wide || !chosen) && styles.single)}>
        <PageBody>
          {problems.length > 0 && (
            <Note tone="warn" title={t('problems', { count: problems.length })}>
              {problems.map(({ file, error }) => `${file}: ${error.message}`).join(' ')}
            </Note>
          )}
          {recipes === null && (
            <div className={styles.nothing}>
              <Skeleton lines={6} words={t('readingRecipes')} />
            </div>
          )}
          {recipes !== null && shown.length === 0 && (
            <div className={styles.nothing}>
              <EmptyState
                title={t('noMatch', { query: search })}
                actions={
                  <Button
                    onClick={() => {
                      setSearch('')
                      setChoice('recipes.time', 'any')
                    }}
                  >
                    {t('clearSearch')}
                  </Button>
                }
              />
            </div>
          )}
          {groups.length > 0 && (
            <RecipeTable groups={groups} selectedId={chosen?.recipe.id ?? null} onSelect={select} />
          )}
        </PageBody>
        {wide && chosen && <RecipeDetail key={chosen.recipe.id} summary={chosen} />}
      </div>
      {!wide && (
        <Sheet open={chosen !== undefined} onClose={() => select(null)} label={t('detail')}>
          {chosen && <RecipeDetail key={chosen.recipe.id} summary={chosen} />}
        </Sheet>
      )}
    </Page>
  )
}
