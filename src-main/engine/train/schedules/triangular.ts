import type { ScheduleBuilder } from './schedule.ts'

/**
 * Straight lines from start · lr up to lr at step ⌊peak · total⌋, then down towards end · lr, which step `total` would
 * have (Jordan 2024, `get_lr` in legacy/airbench94.py of github.com/KellerJordan/cifar10-airbench).
 */
export const triangular: ScheduleBuilder = ({ lr, schedule, totalSteps }) => {
  const { start, peak, end } = schedule
  const up = Math.floor(totalSteps * peak)
  const down = Math.max(1, totalSteps - up)
  return (t) => {
    if (t < up) return lr * (start * (1 - t / up) + t / up)
    const fraction = (t - up) / down
    return lr * (1 - fraction + end * fraction)
  }
}
