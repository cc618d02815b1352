import { expect, test } from 'vitest'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { testRun } from '../../client/memory-engine.ts'
import { endOrder, filterRuns, runFigure, tableItems } from './run-list.ts'

const run = (id: string, more: Partial<RunSummary> = {}) =>
  testRun(id, { status: 'finished', finishedAt: 2000, ...more })

const seed = (number: number, top1: number | null): RunSummary['seeds'][number] => ({
  seed: number,
  status: 'running',
  step: 0,
  totalSteps: 100,
  top1,
  result: null,
})

const title = (id: string) => (id === 'mnist-lenet5' ? 'LeNet-5 on MNIST' : 'ResNet-20 on CIFAR-10')

test('a search takes words of name, recipe and status in any order', () => {
  const runs = [run('a'), run('b', { recipeId: 'cifar10-resnet20', status: 'failed' })]
  expect(filterRuns(runs, 'cifar failed', 'any', title).map(({ id }) => id)).toEqual(['b'])
  expect(filterRuns(runs, 'lenet', 'any', title).map(({ id }) => id)).toEqual(['a'])
  expect(filterRuns(runs, '', 'failed', title).map(({ id }) => id)).toEqual(['b'])
})

test('what trains comes first, then the queue in its order, then the newest end', () => {
  const runs = [
    run('old', { finishedAt: 10 }),
    run('second', { status: 'queued', queuePosition: 2 }),
    run('live', { status: 'running', finishedAt: null }),
    run('first', { status: 'queued', queuePosition: 1 }),
    run('new', { finishedAt: 20 }),
  ]
  const sorted = runs.sort((a, b) => endOrder(b) - endOrder(a)).map(({ id }) => id)
  expect(sorted).toEqual(['live', 'first', 'second', 'new', 'old'])
})

test('groups follow the first run of each recipe, and a folded group keeps only its head', () => {
  const runs = [run('a', { recipeId: 'r2' }), run('b', { recipeId: 'r1' }), run('c', { recipeId: 'r2' })]
  const shown = (folded: string[]) =>
    tableItems(runs, 'recipe', new Set(folded)).map((item) => (item.kind === 'group' ? item.id : item.run.id))
  expect(shown([])).toEqual(['r2', 'a', 'c', 'r1', 'b'])
  expect(shown(['r2'])).toEqual(['r2', 'r1', 'b'])
})

test('runs of a sweep stand together, those of none last and under an empty name', () => {
  const runs = [run('b'), run('a', { sweep: 's' }), run('c', { sweep: 's' })]
  const heads = tableItems(runs, 'sweep', new Set()).map((item) =>
    item.kind === 'group' ? `[${item.id}]` : item.run.id,
  )
  expect(heads).toEqual(['[s]', 'a', 'c', '[]', 'b'])
})

test('the figure is the verdict of a run, and before it the mean of the seeds so far', () => {
  expect(runFigure(run('a', { seeds: [seed(1, 0.99), seed(2, 0.98), seed(3, null)] })).mean).toBeCloseTo(0.985)
  expect(runFigure(run('b', { seeds: [seed(1, null)] }))).toEqual({ mean: null, std: null })
})
