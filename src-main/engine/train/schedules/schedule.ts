// What every schedule file exports.
import type { RunConfig } from '../../../shared/run-config.ts'

/** Learning rate at a step, counted from 0. */
export type Schedule = (step: number) => number

export interface ScheduleInput {
  /** Base rate; the peak of one-cycle and triangular. */
  lr: number
  schedule: RunConfig['schedule']
  /** Steps of the whole training. */
  totalSteps: number
  /** Steps of the warm-up, part of `totalSteps`. */
  warmupSteps: number
  /** Length in the config's unit (epochs or steps) to whole steps, at least one. */
  toSteps: (length: number) => number
}

export type ScheduleBuilder = (input: ScheduleInput) => Schedule
