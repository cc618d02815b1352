import type { ScheduleBuilder } from './schedule.ts'
import { warmupFactor } from './warmup.ts'

/** The base rate, after the warm-up. */
export const constant: ScheduleBuilder =
  ({ lr, schedule, warmupSteps }) =>
  (step) =>
    lr * warmupFactor(schedule, step, warmupSteps)
