import type { ScheduleBuilder } from './schedule.ts'

/**
 * PyTorch's MultiStepLR: times gamma from each milestone on; a milestone named twice counts twice. Milestones count from
 * the start of training, warm-up included, as He et al. count their iterations.
 */
export const multiStep: ScheduleBuilder = ({ lr, schedule, warmup, toSteps }) => {
  const milestones = schedule.milestones.map(toSteps)
  return (t) => {
    const drops = milestones.filter((milestone) => milestone <= t).length
    return lr * warmup(t) * schedule.gamma ** drops
  }
}
