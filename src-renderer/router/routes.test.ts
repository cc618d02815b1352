import { expect, test } from 'vitest'
import { parseRoute, type Route, routePath } from './routes.ts'

const routes: Route[] = [
  { view: 'home' },
  { view: 'recipes', recipeId: null },
  { view: 'recipes', recipeId: 'mnist-lenet5' },
  { view: 'datasets' },
  { view: 'dataset', datasetId: 'my pictures/räume', tab: 'health' },
  { view: 'dataset', datasetId: 'cifar10', tab: 'pictures' },
  { view: 'runs' },
  { view: 'bin' },
  { view: 'new-run', recipeId: null, from: null },
  { view: 'new-run', recipeId: 'mnist-lenet5', from: 'r-0110' },
  { view: 'run', runId: 'r-0110', tab: null },
  { view: 'run', runId: 'r-0110', tab: 'verdict' },
  { view: 'settings', section: 'compute' },
]

test.each(routes)('$view survives being written as an address and read back', (route) => {
  expect(parseRoute(routePath(route))).toEqual(route)
})

test('search parameters that a view keeps for itself do not change the route', () => {
  expect(parseRoute('/runs/r-0110/verdict?seed=4')).toEqual({ view: 'run', runId: 'r-0110', tab: 'verdict' })
})

test('addresses that no view has are not found, with their path', () => {
  for (const path of [
    '/nowhere',
    '/runs/r-1/nonsense',
    '/runs/r-1/verdict/x',
    '/settings/x',
    '/recipes/a/b',
    '/datasets/a/b',
  ]) {
    expect(parseRoute(path)).toEqual({ view: 'not-found', path })
  }
})
