// Every view has an address, the same on desktop and in a browser. Pure: text in, route out.

export const runTabs = ['verdict', 'curves', 'console', 'config'] as const
export type RunTab = (typeof runTabs)[number]

export const datasetTabs = ['health', 'pictures', 'splits', 'preview', 'runs'] as const
export type DatasetTab = (typeof datasetTabs)[number]

export const settingsSections = [
  'appearance',
  'language',
  'compute',
  'storage',
  'shortcuts',
  'network',
  'about',
] as const
export type SettingsSection = (typeof settingsSections)[number]

export type Route =
  | { view: 'home' }
  | { view: 'recipes'; recipeId: string | null }
  | { view: 'datasets' }
  | { view: 'dataset'; datasetId: string; tab: DatasetTab }
  | { view: 'runs' }
  | { view: 'bin' }
  /** Without a recipe the recipe picker shows; `from` is a run whose settings fill the form. */
  | { view: 'new-run'; recipeId: string | null; from: string | null }
  /** Without a tab the run's state decides which one opens. */
  | { view: 'run'; runId: string; tab: RunTab | null }
  | { view: 'settings'; section: SettingsSection }
  | { view: 'not-found'; path: string }

const oneOf = <T extends string>(values: readonly T[], text: string | undefined): T | null =>
  values.find((value) => value === text) ?? null

/** The route of an address such as `/runs/r-0110/verdict?seed=4`. */
export function parseRoute(address: string): Route {
  const url = new URL(address, 'http://app.invalid')
  const [head, second, third, ...more] = url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  const notFound: Route = { view: 'not-found', path: url.pathname }
  if (more.length > 0) return notFound
  if (third !== undefined && head !== 'runs' && head !== 'datasets') return notFound
  switch (head) {
    case undefined:
      return { view: 'home' }
    case 'recipes':
      return { view: 'recipes', recipeId: second ?? null }
    case 'datasets': {
      if (second === undefined) return { view: 'datasets' }
      const tab = oneOf(datasetTabs, third ?? 'health')
      return tab === null ? notFound : { view: 'dataset', datasetId: second, tab }
    }
    case 'new-run':
      return { view: 'new-run', recipeId: second ?? null, from: url.searchParams.get('from') }
    case 'runs': {
      if (second === undefined) return { view: 'runs' }
      const tab = oneOf(runTabs, third)
      return third !== undefined && tab === null ? notFound : { view: 'run', runId: second, tab }
    }
    case 'bin':
      return second === undefined ? { view: 'bin' } : notFound
    case 'settings': {
      const section = oneOf(settingsSections, second ?? 'appearance')
      return section === null ? notFound : { view: 'settings', section }
    }
    default:
      return notFound
  }
}

/** The address of a route; the inverse of `parseRoute`. */
export function routePath(route: Route): string {
  const path = (...parts: (string | null)[]) =>
    `/${parts
      .filter((part) => part !== null)
      .map(encodeURIComponent)
      .join('/')}`
  switch (route.view) {
    case 'home':
      return '/'
    case 'recipes':
      return path('recipes', route.recipeId)
    case 'datasets':
      return '/datasets'
    case 'dataset':
      return path('datasets', route.datasetId, route.tab === 'health' ? null : route.tab)
    case 'runs':
      return '/runs'
    case 'bin':
      return '/bin'
    case 'new-run':
      return path('new-run', route.recipeId) + (route.from === null ? '' : `?from=${encodeURIComponent(route.from)}`)
    case 'run':
      return path('runs', route.runId, route.tab)
    case 'settings':
      return path('settings', route.section)
    case 'not-found':
      return route.path
  }
}
