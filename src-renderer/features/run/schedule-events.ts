// Turns of the learning rate as marks on the x axis.
import type { RunConfig } from '../../../src-main/shared/run-config.ts'

export interface RateTurn {
  /** In steps. */
  step: number
  kind: 'drop' | 'warmup-end' | 'peak'
  /** A drop divides the rate by this. */
  divisor: number
}

/** More drops than this would be a hatching, not marks. */
const mostDrops = 8

/** Where the schedule of `config` turns, in steps and in order. */
export function rateTurns(config: RunConfig, stepsPerEpoch: number, totalSteps: number): RateTurn[] {
  const { schedule, train } = config
  const toSteps = (length: number) => length * (train.lengthUnit === 'epochs' ? stepsPerEpoch : 1)
  const divisor = Number((1 / schedule.gamma).toPrecision(3))
  const turns: RateTurn[] = []
  if (schedule.name === 'one-cycle' || schedule.name === 'triangular') {
    turns.push({ step: schedule.peak * totalSteps, kind: 'peak', divisor })
  } else if (schedule.warmup > 0) {
    turns.push({ step: toSteps(schedule.warmup), kind: 'warmup-end', divisor })
  }
  if (schedule.name === 'multi-step') {
    for (const milestone of schedule.milestones) turns.push({ step: toSteps(milestone), kind: 'drop', divisor })
  }
  if (schedule.name === 'step') {
    const size = toSteps(schedule.stepSize)
    for (let step = size; step < totalSteps && turns.length < mostDrops; step += size) {
      turns.push({ step, kind: 'drop', divisor })
    }
  }
  return turns.filter(({ step }) => step > 0 && step < totalSteps).sort((a, b) => a.step - b.step)
}
