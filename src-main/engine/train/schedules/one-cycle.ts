import type { ScheduleBuilder } from './schedule.ts'

/**
 * PyTorch's OneCycleLR (two phases, momentum not cycled): from start · lr up to lr at `peak · total − 1`, then down to
 * end · lr at the last step. PyTorch writes the same as div_factor = 1 / start and final_div_factor = start / end.
 */
export const oneCycle: ScheduleBuilder = ({ lr, schedule, totalSteps }) => {
  const { start, peak, end, anneal } = schedule
  const top = peak * totalSteps - 1
  const last = totalSteps - 1
  const between = (from: number, to: number, fraction: number) =>
    anneal === 'linear' ? from + (to - from) * fraction : to + ((from - to) * (1 + Math.cos(Math.PI * fraction))) / 2
  // A phase without length is at its end.
  const share = (t: number, from: number, to: number) => (to === from ? 1 : (t - from) / (to - from))
  return (t) => (t <= top ? lr * between(start, 1, share(t, 0, top)) : lr * between(1, end, share(t, top, last)))
}
