// Schedules that fall along a curve from the base rate to the final rate, with warm-up before and cooldown after.
import type { RunConfig } from '../../../shared/run-config.ts'
import type { ScheduleBuilder } from './schedule.ts'

/**
 * `curve` falls from 1 to 0 over a share of 0 to 1. The share runs from the end of the warm-up (torchvision: T_max = total −
 * warm-up; big_vision) or, with `warmupInside`, from the first step (timm), to the start of the cooldown.
 */
export function declining(curve: (share: number, schedule: RunConfig['schedule']) => number): ScheduleBuilder {
  return ({ lr, schedule, totalSteps, warmupSteps, cooldownSteps, warmup }) => {
    const { finalLr, warmupInside } = schedule
    const from = warmupInside ? 0 : warmupSteps
    const end = totalSteps - cooldownSteps
    const length = Math.max(1, end - from)
    return (t) => {
      if (t < warmupSteps) return lr * warmup(t)
      if (cooldownSteps > 0 && t >= end) return finalLr
      return finalLr + (lr - finalLr) * curve((t - from) / length, schedule)
    }
  }
}
