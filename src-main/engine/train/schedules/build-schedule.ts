// The registry of schedules, and the step-by-step learning rate of a run.
import { RepriseError } from '../../../shared/errors.ts'
import type { ScheduleName } from '../../../shared/registry/training.ts'
import type { RunConfig } from '../../../shared/run-config.ts'
import { constant } from './constant.ts'
import { cosine } from './cosine.ts'
import { multiStep } from './multi-step.ts'
import { oneCycle } from './one-cycle.ts'
import type { Schedule, ScheduleBuilder } from './schedule.ts'
import { step } from './step.ts'
import { triangular } from './triangular.ts'

const builders = {
  constant,
  step,
  'multi-step': multiStep,
  cosine,
  'one-cycle': oneCycle,
  triangular,
} satisfies Record<ScheduleName, ScheduleBuilder>

/** Schedules that rise by themselves and take no warm-up beside. */
const rising: readonly ScheduleName[] = ['one-cycle', 'triangular']

/**
 * The learning rate at every step of a run, counted from 0. Warm-up, milestones and step size are in the unit of
 * `train.lengthUnit`, rounded to whole steps. Throws `config-out-of-range` for a warm-up on one-cycle or triangular, and
 * for a warm-up longer than the training.
 */
export function buildSchedule(config: RunConfig, stepsPerEpoch: number, totalSteps: number): Schedule {
  const { schedule, optimizer } = config
  const unit = config.train.lengthUnit === 'epochs' ? stepsPerEpoch : 1
  const warmupSteps = Math.round(schedule.warmup * unit)
  if (rising.includes(schedule.name) && warmupSteps > 0) {
    throw new RepriseError({
      code: 'config-out-of-range',
      message: `The ${schedule.name} schedule rises by itself and takes no warm-up.`,
      expected: 'schedule.warmup 0',
      found: `schedule.warmup ${schedule.warmup}`,
      fix: 'Set schedule.warmup to 0; schedule.start and schedule.peak shape the rise.',
    })
  }
  if (warmupSteps > totalSteps) {
    throw new RepriseError({
      code: 'config-out-of-range',
      message: 'The warm-up is longer than the training.',
      expected: `at most ${totalSteps} steps`,
      found: `${warmupSteps} steps`,
      fix: 'Shorten schedule.warmup or lengthen train.length.',
    })
  }
  const toSteps = (length: number) => Math.max(1, Math.round(length * unit))
  return builders[schedule.name]({ lr: optimizer.lr, schedule, totalSteps, warmupSteps, toSteps })
}
