import type { ScheduleBuilder } from './schedule.ts'

// PyTorch's defaults.
const threshold = 1e-4
const smallestDrop = 1e-8

/**
 * PyTorch's ReduceLROnPlateau on the mean training loss of each epoch, so that no test picture has a say: times gamma, not
 * below finalLr, after more than `patience` epochs without a loss lower than the best by one part in 10,000.
 */
export const plateau: ScheduleBuilder = ({ lr, schedule, warmup }) => {
  const { gamma, patience, finalLr } = schedule
  let [rate, best, worse] = [lr, Number.POSITIVE_INFINITY, 0]
  const rateAt = (step: number) => rate * warmup(step)
  const observe = (loss: number) => {
    if (loss < best * (1 - threshold)) [best, worse] = [loss, 0]
    else worse += 1
    if (worse <= patience) return
    const lower = Math.max(rate * gamma, finalLr)
    if (rate - lower > smallestDrop) rate = lower
    worse = 0
  }
  const state = () => [rate, best, worse]
  const restore = (kept: readonly number[]) => {
    ;[rate, best, worse] = kept as [number, number, number]
  }
  return Object.assign(rateAt, { observe, state, restore })
}
