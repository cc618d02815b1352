import { expect, test } from 'vitest'
import { parseRunConfig } from '../../shared/config-fields.ts'
import { schedulePreview } from './schedule-preview.ts'

test('a drop keeps its step on both sides, so that it is drawn upright', () => {
  const config = parseRunConfig({
    train: { lengthUnit: 'steps', length: 64_000 },
    schedule: { name: 'multi-step', milestones: [32_000, 48_000] },
  })
  const points = schedulePreview(config, 50_000)
  const near = points.filter(({ step }) => Math.abs(step - 32_000) <= 1)
  expect(near.map(({ lr }) => Number(lr.toPrecision(6)))).toEqual(expect.arrayContaining([0.1, 0.01]))
  expect(points.at(-1)?.step).toBe(63_999)
  expect(points.length).toBeLessThan(600)
})

test('epochs are counted in batches of the pictures used', () => {
  const config = parseRunConfig({ train: { length: 2, batchSize: 100 }, data: { limitTrain: 1000 } })
  expect(schedulePreview(config, 50_000).at(-1)?.step).toBe(19)
})

test('a smooth schedule of many steps stays small', () => {
  const config = parseRunConfig({ train: { lengthUnit: 'steps', length: 64_000 }, schedule: { name: 'cosine' } })
  expect(schedulePreview(config, 50_000).length).toBeLessThan(400)
})
