import { useTranslation } from 'react-i18next'
import type { Route } from '../router/routes.ts'
import { useEngineStore } from '../stores/engine-store.ts'
import { useRunsStore } from '../stores/runs-store.ts'

export interface Crumb {
  label: string
  href: string | null
}

/** Where an address lies: the list it belongs to, then the thing itself. */
export function useCrumbs(route: Route): Crumb[] {
  const { t } = useTranslation('frame')
  const recipes = useEngineStore((state) => state.recipes)
  const datasets = useEngineStore((state) => state.datasets)
  const runs = useRunsStore((state) => state.runs)
  const recipeTitle = (id: string) => recipes?.find(({ recipe }) => recipe.id === id)?.recipe.title ?? id
  switch (route.view) {
    case 'home':
      return [{ label: t('home'), href: '/' }]
    case 'recipes':
      return [{ label: t('recipes'), href: '/recipes' }]
    case 'datasets':
      return [{ label: t('datasets'), href: '/datasets' }]
    case 'dataset':
      return [
        { label: t('datasets'), href: '/datasets' },
        { label: datasets?.find(({ id }) => id === route.datasetId)?.label ?? route.datasetId, href: null },
      ]
    case 'runs':
      return [{ label: t('runs'), href: '/runs' }]
    case 'bin':
      return [
        { label: t('runs'), href: '/runs' },
        { label: t('bin'), href: null },
      ]
    case 'settings':
      return [{ label: t('settings'), href: '/settings' }]
    case 'new-run':
      return [
        { label: t('newRun'), href: '/new-run' },
        ...(route.recipeId === null ? [] : [{ label: recipeTitle(route.recipeId), href: null }]),
      ]
    case 'run': {
      const run = runs?.find((one) => one.id === route.runId)
      return [
        { label: t('runs'), href: '/runs' },
        // A run that kept the recipe's title says it once.
        ...(run && run.name !== recipeTitle(run.recipeId)
          ? [{ label: recipeTitle(run.recipeId), href: `/recipes/${encodeURIComponent(run.recipeId)}` }]
          : []),
        { label: run?.name ?? route.runId, href: null },
      ]
    }
    case 'not-found':
      return [{ label: route.path, href: null }]
  }
}
