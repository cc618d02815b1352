import type { ScheduleBuilder } from './schedule.ts'

/**
 * lr · gamma^(t / stepSize), the exponent rounded down with `staircase`: TensorFlow's exponential_decay, PyTorch's
 * ExponentialLR and timm's step schedule with fractional epochs. t counts from the end of the warm-up or, with
 * `warmupInside`, from the first step.
 */
export const exponential: ScheduleBuilder = ({ lr, schedule, warmupSteps, warmup, inSteps }) => {
  const every = inSteps(schedule.stepSize)
  const from = schedule.warmupInside ? 0 : warmupSteps
  return (t) => {
    if (t < warmupSteps) return lr * warmup(t)
    const stairs = (t - from) / every
    return lr * schedule.gamma ** (schedule.staircase ? Math.floor(stairs) : stairs)
  }
}
