import type { ScheduleBuilder } from './schedule.ts'
import { warmupFactor } from './warmup.ts'

/**
 * PyTorch's CosineAnnealingLR over what is left after the warm-up (T_max = total − warm-up, torchvision's convention):
 * finalLr + (lr − finalLr) · (1 + cos(π t / T_max)) / 2.
 */
export const cosine: ScheduleBuilder = ({ lr, schedule, totalSteps, warmupSteps }) => {
  const length = Math.max(1, totalSteps - warmupSteps)
  return (t) => {
    if (t < warmupSteps) return lr * warmupFactor(schedule, t, warmupSteps)
    const { finalLr } = schedule
    return finalLr + ((lr - finalLr) * (1 + Math.cos((Math.PI * (t - warmupSteps)) / length))) / 2
  }
}
