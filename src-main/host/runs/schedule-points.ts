// The learning rate of a run before it starts, as few points as draw it truly.
import { buildSchedule } from '../../engine/train/schedules/build-schedule.ts'
import type { SchedulePoint } from '../../shared/api.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { stepsPerEpoch, totalSteps } from '../../shared/training-length.ts'

const evenPoints = 100
/** Longer runs are drawn from even points alone. */
const searchedSteps = 200_000
/** A bend is a change of slope above this share of the highest rate. */
const bend = 1e-3
const mostPoints = 2000

/** Whole steps of one epoch and of the training, for a training set of `pictures`. */
export function trainingSteps(config: RunConfig, pictures: number): { perEpoch: number; total: number } {
  return { perEpoch: stepsPerEpoch(pictures, config), total: totalSteps(pictures, config) }
}

/** Learning rate over steps: even points, and both sides of every bend. Throws `config-out-of-range` as the training would. */
export function schedulePoints(config: RunConfig, pictures: number): SchedulePoint[] {
  const { perEpoch, total } = trainingSteps(config, pictures)
  const lr = buildSchedule(config, perEpoch, total)
  const last = total - 1
  const steps = new Set([0, last])
  for (let i = 1; i < evenPoints; i += 1) steps.add(Math.round((i * last) / evenPoints))
  const highest = Math.max(...[...steps].map(lr), Number.MIN_VALUE)
  for (let step = 1; step < last && total <= searchedSteps && steps.size < mostPoints; step += 1) {
    if (Math.abs(lr(step + 1) - 2 * lr(step) + lr(step - 1)) <= bend * highest) continue
    for (const near of [step - 1, step, step + 1]) steps.add(near)
  }
  return [...steps].sort((a, b) => a - b).map((step) => ({ step, lr: lr(step) }))
}
