import type { ScheduleBuilder } from './schedule.ts'

/** The base rate, after the warm-up. */
export const constant: ScheduleBuilder =
  ({ lr, warmup }) =>
  (step) =>
    lr * warmup(step)
