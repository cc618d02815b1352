// What every schedule file exports.
import type { RunConfig } from '../../../shared/run-config.ts'

/** Learning rate at a step, counted from 0. */
export interface Schedule {
  (step: number): number
  /** Takes the mean training loss of an epoch, where the schedule depends on it. */
  observe?(loss: number): void
  /** What it has learned from losses so far, to be given back by `restore`; present where `observe` is. */
  state?(): number[]
  restore?(state: readonly number[]): void
}

/** Times count steps, or epochs where the rate moves by epoch. */
export interface ScheduleInput {
  /** Base rate; the peak of one-cycle and triangular. */
  lr: number
  schedule: RunConfig['schedule']
  /** Length of the whole training. */
  totalSteps: number
  /** Length of the warm-up, part of `totalSteps`. */
  warmupSteps: number
  /** Factor on the rate during the warm-up; 1 from its end on. */
  warmup: (step: number) => number
  /** Length at the end at the final rate, part of `totalSteps`. */
  cooldownSteps: number
  /** Length in the config's unit, exactly. */
  inSteps: (length: number) => number
  /** Length in the config's unit to whole steps, at least one. */
  toSteps: (length: number) => number
}

export type ScheduleBuilder = (input: ScheduleInput) => Schedule
