import type { ScheduleBuilder } from './schedule.ts'

/** PyTorch's StepLR: lr · gamma^⌊t / stepSize⌋. Steps count from the start of training, warm-up included. */
export const step: ScheduleBuilder = ({ lr, schedule, warmup, toSteps }) => {
  const every = toSteps(schedule.stepSize)
  return (t) => lr * warmup(t) * schedule.gamma ** Math.floor(t / every)
}
