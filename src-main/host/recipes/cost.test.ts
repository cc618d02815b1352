import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { configFromRecipe } from '../../shared/recipe.ts'
import type { Verdict } from '../../shared/verdict.ts'
import { cpuName } from '../machine/machine-info.ts'
import { historyWithRun, recipeNamed } from '../test-host/stored-run.ts'
import { createCostEstimator, workOfSeed } from './cost.ts'
import { bestVerdict } from './recipe-service.ts'

const machine = { cpu: cpuName(), cores: availableParallelism() }
const lenet = recipeNamed('mnist-lenet5')

test('without a finished run the cost is scaled from the recipe to the cores of this machine', () => {
  const { history } = historyWithRun(lenet, { status: 'queued', seconds: 0, machine })
  const costs = createCostEstimator(history, { cpu: 'other', cores: 8 })
  expect(costs.perSeed(lenet, lenet.config)).toEqual({ seconds: (lenet.cost.seconds * 2) / 8, measured: false })
})

test('a finished run on this machine measures its recipe, and scales those that are not much longer', () => {
  const resnet20 = recipeNamed('cifar10-resnet20')
  const { history } = historyWithRun(resnet20, { status: 'finished', seconds: 3 * resnet20.cost.seconds, machine })
  const costs = createCostEstimator(history, machine)
  expect(costs.perSeed(resnet20, resnet20.config)).toEqual({ seconds: 3 * resnet20.cost.seconds, measured: true })
  const resnet110 = recipeNamed('cifar10-resnet110')
  const scaled = costs.perSeed(resnet110, resnet110.config)
  expect(scaled.measured).toBe(false)
  expect(scaled.seconds).toBeCloseTo(3 * resnet110.cost.seconds, 3)
})

test('a run of little work, however long it took, does not forecast one of hours', () => {
  const { history } = historyWithRun(lenet, { status: 'finished', seconds: 1200, machine })
  const airbench = recipeNamed('cifar10-airbench94')
  const { seconds } = createCostEstimator(history, machine).perSeed(airbench, airbench.config)
  expect(seconds).toBeCloseTo((airbench.cost.seconds * 2) / machine.cores, 3)
})

test("a data set of the user's costs what its own pictures cost", () => {
  const resnet = recipeNamed('imagenet-resnet18-torchvision-v1')
  const config = configFromRecipe(resnet, { 'data.dataset': 'photos' })
  const { history } = historyWithRun(resnet, { status: 'queued', seconds: 0, machine })
  const perSeed = () => createCostEstimator(history, machine).perSeed(resnet, config).seconds
  const unknown = perSeed()
  history.dataSets.put({
    id: 'photos',
    label: 'photos',
    status: 'ready',
    train: 500,
    test: 100,
    classes: ['cat', 'dog'],
    shape: [0, 0, 3],
    benchmark: false,
    fingerprint: 'f'.repeat(64),
    path: '/photos',
    brokenPictures: 'refuse',
    skipped: [],
    error: null,
    storage: 'files',
    reader: 'class-folders',
    health: null,
    excluded: 0,
    checkError: null,
    benchmarkTest: null,
    benchmarkBy: null,
    changes: null,
    boxRule: null,
    fit: null,
  })
  expect(perSeed()).toBeCloseTo(unknown / 100, 6)
})

test('a run is timed by the pictures that it had', () => {
  const { history, run } = historyWithRun(lenet, { status: 'finished', seconds: 90, machine })
  const data = { id: 'mnist', label: 'MNIST', train: 600, test: 100, classes: [], benchmark: false, skipped: [] }
  history.runs.update(run, { data: { ...data, fingerprint: 'f'.repeat(64) } })
  const longer = configFromRecipe(lenet, { 'train.length': lenet.config.train.length / 10 })
  expect(createCostEstimator(history, machine).perSeed(lenet, longer).seconds).toBeCloseTo(900, 6)
})

test('a smaller input costs less, batches that are put together into steps cost more', () => {
  const config = recipeNamed('imagenet-resnet50-he').config
  const work = workOfSeed(config)
  expect(workOfSeed({ ...config, input: { ...config.input, size: 112 } })).toBeCloseTo(work / 4, 3)
  const single = { ...config, train: { ...config.train, accumulate: 1 } }
  expect(workOfSeed(single)).toBeCloseTo(work / 8, 3)
})

test('more epochs cost more, another learning rate costs the same', () => {
  const { history } = historyWithRun(lenet, { status: 'finished', seconds: 90, machine })
  const costs = createCostEstimator(history, machine)
  const longer = configFromRecipe(lenet, { 'train.length': lenet.config.train.length * 2 })
  expect(costs.perSeed(lenet, longer)).toEqual({ seconds: 180, measured: false })
  const larger = configFromRecipe(lenet, { 'input.size': 64 })
  expect(costs.perSeed(lenet, larger)).toEqual({ seconds: 360, measured: false })
  const faster = configFromRecipe(lenet, { 'optimizer.lr': 0.2 })
  expect(costs.perSeed(lenet, faster)).toEqual({ seconds: 90, measured: true })
})

test('runs of another machine measure nothing here', () => {
  const { history } = historyWithRun(lenet, { status: 'finished', seconds: 90, machine: { cpu: 'other', cores: 64 } })
  expect(createCostEstimator(history, machine).perSeed(lenet, lenet.config).measured).toBe(false)
})

test('the best verdict is the one that says most, and no verdict is none', () => {
  const verdict = (outcome: Verdict['outcome'], mean: number) => ({ outcome, mean }) as Verdict
  const reproduced = verdict('reproduced', 0.92)
  expect(bestVerdict([verdict('inconclusive', 0.99), reproduced, verdict('not-reproduced', 0.9), null])).toBe(
    reproduced,
  )
  expect(bestVerdict([verdict('no-verdict', 0.99), null])).toBeNull()
})
