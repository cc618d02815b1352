import { useTranslation } from 'react-i18next'
import { DatasetScreen } from './features/datasets/dataset-screen.tsx'
import { DatasetsScreen } from './features/datasets/datasets-screen.tsx'
import { HomeScreen } from './features/home/home-screen.tsx'
import { NewRunScreen } from './features/new-run/new-run-screen.tsx'
import { NotFound } from './features/not-found.tsx'
import { RecipesScreen } from './features/recipes/recipes-screen.tsx'
import { RunScreen } from './features/run/run-screen.tsx'
import { BinScreen } from './features/runs/bin-screen.tsx'
import { RunsScreen } from './features/runs/runs-screen.tsx'
import { SettingsScreen } from './features/settings/settings-screen.tsx'
import { AppFrame } from './frame/app-frame.tsx'
import { ViewBoundary } from './frame/view-boundary.tsx'
import { useLocation, useRestoredScroll } from './router/router.ts'
import type { Route } from './router/routes.ts'
import { Toasts } from './ui/toast.tsx'
import { TooltipProvider } from './ui/tooltip.tsx'

function View({ route }: { route: Route }) {
  switch (route.view) {
    case 'home':
      return <HomeScreen />
    case 'recipes':
      return <RecipesScreen recipeId={route.recipeId} />
    case 'datasets':
      return <DatasetsScreen />
    case 'dataset':
      return <DatasetScreen key={route.datasetId} datasetId={route.datasetId} tab={route.tab} />
    case 'runs':
      return <RunsScreen />
    case 'bin':
      return <BinScreen />
    case 'new-run':
      return <NewRunScreen key={`${route.recipeId} ${route.from}`} recipeId={route.recipeId} from={route.from} />
    case 'run':
      return <RunScreen key={route.runId} runId={route.runId} tab={route.tab} />
    case 'settings':
      return <SettingsScreen section={route.section} />
    case 'not-found':
      return <NotFound path={route.path} />
  }
}

/** The whole page: frame around the view of the present address. */
export function App() {
  const { address, entry, route } = useLocation()
  const { t } = useTranslation()
  useRestoredScroll(entry)
  return (
    <TooltipProvider>
      <AppFrame route={route}>
        <ViewBoundary key={route.view} address={address}>
          <View route={route} />
        </ViewBoundary>
      </AppFrame>
      <Toasts closeLabel={t('close')} />
    </TooltipProvider>
  )
}
