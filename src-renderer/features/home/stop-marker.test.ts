import { expect, test } from 'vitest'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import type { Interruption } from '../../../src-main/shared/saved-state.ts'
import { stoppedCurve } from './stop-marker.ts'

const run = {
  epochs: [
    { seed: 1, step: 100, testTop1: 0.5 },
    { seed: 2, step: 200, testTop1: 0.8 },
    { seed: 2, step: 100, testTop1: 0.7 },
  ],
  seeds: [
    { seed: 1, totalSteps: 1000 },
    { seed: 2, totalSteps: 1000 },
  ],
} as Pick<RunDetail, 'epochs' | 'seeds'>
const at = (seed: number | null, step: number) => ({ seed, step }) as Interruption

test('the curve of the interrupted seed ends at its last evaluation, the line stands where it stopped', () => {
  expect(stoppedCurve(run, at(2, 250))).toEqual({ values: [0.7, 0.8], width: 0.2, stop: 0.25, totalSteps: 1000 })
})

test('before the first evaluation only the place where it stopped is known', () => {
  const unjudged = { ...run, epochs: [] }
  expect(stoppedCurve(unjudged, at(2, 250))).toEqual({ values: [], width: 0, stop: 0.25, totalSteps: 1000 })
  expect(stoppedCurve(run, at(3, 5))).toBeNull()
  expect(stoppedCurve(run, at(null, 0))).toBeNull()
})
