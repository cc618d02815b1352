import { expect, test } from 'vitest'
import { historyWithRun, recipeNamed } from '../test-host/stored-run.ts'

const result = (seed: number, step: number, testTop1: number, final: boolean) => ({
  seed,
  step,
  epoch: step / 10,
  trainLoss: Number.NaN,
  trainTop1: 0.5,
  testLoss: 1,
  testTop1,
  testTop5: 1,
  trainSeconds: step,
  final,
})

test('the curve of a run is that of its newest seed, one value per epoch', () => {
  const machine = { cpu: 'any', cores: 2 }
  const { history, run } = historyWithRun(recipeNamed('mnist-lenet5'), { status: 'finished', seconds: 1, machine })
  history.epochs.insert(run, result(1, 10, 0.1, false))
  history.epochs.insert(run, result(2, 10, 0.2, false))
  history.epochs.insert(run, result(2, 20, 0.4, true))
  history.epochs.insert(run, result(2, 20, 0.3, false))
  history.epochs.insert(run, result(2, 30, 0.5, true))
  expect(history.epochs.newestCurve(run)).toEqual([0.2, 0.3, 0.5])
  expect(history.epochs.newestCurves()).toEqual(new Map([[run, [0.2, 0.3, 0.5]]]))
  expect(history.epochs.list(run)).toHaveLength(5)
  expect(history.epochs.list(run)[0]?.trainLoss).toBeNaN()
})
