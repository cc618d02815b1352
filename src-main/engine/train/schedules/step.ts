import type { ScheduleBuilder } from './schedule.ts'
import { warmupFactor } from './warmup.ts'

/** PyTorch's StepLR: lr · gamma^⌊t / stepSize⌋. Steps count from the start of training, warm-up included. */
export const step: ScheduleBuilder = ({ lr, schedule, warmupSteps, toSteps }) => {
  const every = toSteps(schedule.stepSize)
  return (t) => lr * warmupFactor(schedule, t, warmupSteps) * schedule.gamma ** Math.floor(t / every)
}
