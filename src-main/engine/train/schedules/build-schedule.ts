// The registry of schedules, and the step-by-step learning rate of a run.
import { RepriseError } from '../../../shared/errors.ts'
import type { ScheduleName } from '../../../shared/registry/training.ts'
import type { RunConfig } from '../../../shared/run-config.ts'
import { constant } from './constant.ts'
import { cosine } from './cosine.ts'
import { exponential } from './exponential.ts'
import { multiStep } from './multi-step.ts'
import { oneCycle } from './one-cycle.ts'
import { plateau } from './plateau.ts'
import { poly } from './poly.ts'
import type { Schedule, ScheduleBuilder } from './schedule.ts'
import { step } from './step.ts'
import { triangular } from './triangular.ts'
import { warmupFactor } from './warmup.ts'

const builders = {
  constant,
  step,
  'multi-step': multiStep,
  cosine,
  poly,
  exponential,
  plateau,
  'one-cycle': oneCycle,
  triangular,
} satisfies Record<ScheduleName, ScheduleBuilder>

/** Schedules that rise by themselves and take no warm-up beside. */
const rising: readonly ScheduleName[] = ['one-cycle', 'triangular']

/** The base rate for the pictures of a step: unchanged, or times their number over `lrBaseBatch`, or its root (timm). */
function baseRate({ optimizer, train }: RunConfig): number {
  const ratio = (train.batchSize * train.accumulate) / optimizer.lrBaseBatch
  const factors = { none: 1, linear: ratio, sqrt: Math.sqrt(ratio) }
  return optimizer.lr * factors[optimizer.lrScaling]
}

/**
 * The learning rate at every step of a run, counted from 0. Warm-up, milestones, step size and cooldown are in the unit of
 * `train.lengthUnit`, rounded to whole steps, or to whole epochs where the rate moves by epoch; the step size of
 * exponential is exact. Throws `config-out-of-range` for a warm-up on one-cycle or triangular, and for a warm-up and
 * cooldown longer than the training.
 */
export function buildSchedule(config: RunConfig, stepsPerEpoch: number, totalSteps: number): Schedule {
  const { schedule } = config
  const byEpoch = schedule.updates === 'epoch'
  const perUnit = (config.train.lengthUnit === 'epochs' ? stepsPerEpoch : 1) / (byEpoch ? stepsPerEpoch : 1)
  const total = byEpoch ? Math.ceil(totalSteps / stepsPerEpoch) : totalSteps
  const inSteps = (length: number) => length * perUnit
  const [warmupSteps, cooldownSteps] = [schedule.warmup, schedule.cooldown].map((v) => Math.round(inSteps(v))) as [
    number,
    number,
  ]
  if (rising.includes(schedule.name) && warmupSteps > 0) {
    throw new RepriseError({
      code: 'config-out-of-range',
      message: `The ${schedule.name} schedule rises by itself and takes no warm-up.`,
      expected: 'schedule.warmup 0',
      found: `schedule.warmup ${schedule.warmup}`,
      fix: 'Set schedule.warmup to 0; schedule.start and schedule.peak shape the rise.',
    })
  }
  if (warmupSteps + cooldownSteps > total) {
    const unit = byEpoch ? 'epochs' : 'steps'
    throw new RepriseError({
      code: 'config-out-of-range',
      message: `The warm-up${cooldownSteps > 0 ? ' and the cooldown are' : ' is'} longer than the training.`,
      expected: `at most ${total} ${unit}`,
      found: `${warmupSteps + cooldownSteps} ${unit}`,
      fix: 'Shorten schedule.warmup and schedule.cooldown, or lengthen train.length.',
    })
  }
  const lr = baseRate(config)
  const rate = builders[schedule.name]({
    lr,
    schedule,
    totalSteps: total,
    warmupSteps,
    warmup: (step) => warmupFactor(schedule, lr, step, warmupSteps),
    cooldownSteps,
    inSteps,
    toSteps: (length) => Math.max(1, Math.round(inSteps(length))),
  })
  if (!byEpoch) return rate
  const { observe, state, restore } = rate
  return Object.assign(
    (step: number) => rate(Math.floor(step / stepsPerEpoch)),
    observe && state && restore ? { observe, state, restore } : {},
  )
}
