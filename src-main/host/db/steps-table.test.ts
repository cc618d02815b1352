import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../test-host/start-test-host.ts'
import { openDatabase } from './database.ts'
import { createHistory } from './history.ts'

function emptyHistory() {
  const db = openDatabase(temporaryFolder())
  onTestFinished(() => void db.close())
  db.exec(`INSERT INTO runs (run, name, recipe_id, recipe, config, status, created_at, changes)
           VALUES (1, 'run', 'r', '{}', '{}', 'running', 1, 0)`)
  return createHistory(db)
}

const point = (step: number, loss: number) => ({ step, epoch: step / 100, loss, lr: 0.1 })

test('a short curve comes back whole', () => {
  const { steps } = emptyHistory()
  const points = [point(1, 2), point(2, 1), point(3, 1.5)]
  steps.insert(1, 7, points)
  expect(steps.curves(1, 100)).toEqual([{ seed: 7, points }])
})

test('a reduced curve keeps first and last and the minimum and maximum of every bucket', () => {
  const { steps } = emptyHistory()
  const loss = (step: number) => 2 / Math.sqrt(step) + 0.3 * Math.sin(step * 12.9898)
  const points = Array.from({ length: 10_000 }, (_, index) => point(index + 1, loss(index + 1)))
  points[4321] = point(4322, 9)
  points[8765] = point(8766, -9)
  steps.insert(1, 1, points)
  const [curve] = steps.curves(1, 202)
  const kept = curve?.points ?? []
  expect(kept.length).toBeLessThanOrEqual(202)
  expect(kept.at(0)).toEqual(points[0])
  expect(kept.at(-1)).toEqual(points.at(-1))
  expect(kept.map(({ step }) => step)).toEqual(kept.map(({ step }) => step).toSorted((a, b) => a - b))
  const steps100 = Array.from({ length: 100 }, (_, bucket) => points.slice(bucket * 100, bucket * 100 + 100))
  for (const bucket of steps100) {
    const losses = bucket.map((p) => p.loss)
    const here = kept.filter((p) => p.step >= (bucket[0]?.step ?? 0) && p.step <= (bucket.at(-1)?.step ?? 0))
    expect(Math.min(...here.map((p) => p.loss))).toBe(Math.min(...losses))
    expect(Math.max(...here.map((p) => p.loss))).toBe(Math.max(...losses))
  }
})

test('seeds keep their own curves', () => {
  const { steps } = emptyHistory()
  steps.insert(1, 1, [point(1, 2)])
  steps.insert(1, 2, [point(1, 3), point(2, 2)])
  expect(steps.curves(1, 4).map(({ seed, points }) => [seed, points.length])).toEqual([
    [1, 1],
    [2, 2],
  ])
})

test('a loss that is no number is left out', () => {
  const { steps } = emptyHistory()
  steps.insert(1, 1, [point(1, 2), point(2, Number.NaN), point(3, Number.POSITIVE_INFINITY)])
  expect(steps.curves(1, 100)[0]?.points).toEqual([point(1, 2)])
})
