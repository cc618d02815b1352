// The oracle's files on losses, weight averages and gradient clipping as typed values. What each holds: README.md.
import { readFileSync } from 'node:fs'
import type { RunConfigInput } from '../../src-main/shared/run-config.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`values/${name}`, import.meta.url), 'utf8'))

/** Logits [n, classes], the loss and its gradient. */
export interface LossCase {
  name: string
  logits: number[][]
  loss: number
  logitsGradient: number[][]
}

export interface LossOracles {
  /** `config` in the terms of the run config; targets are dense. */
  training: (LossCase & { config: NonNullable<RunConfigInput['train']>; targets: number[][] })[]
  /** Views of the same pictures, one after the other; labels are those of one view. */
  jsd: (LossCase & { labels: number[]; splits: number; alpha: number; smoothing: number })[]
  distillation: (LossCase & { kind: 'soft' | 'hard'; temperature: number; teacher: number[][] })[]
}

export const lossOracles = () => read('losses.json') as LossOracles

/** Before step s the model's five values are those of pattern stream 60,000 + s; before the first step, of 60,000. */
export interface AverageOracle {
  name: string
  config: RunConfigInput
  stepsPerEpoch: number
  totalSteps: number
  /** After each step. */
  averages: number[][]
}

export const averageOracles = () => read('ema.json') as AverageOracle[]

/** Row-major values in the product's layout. */
export interface ClippingOracles {
  parameters: {
    name: string
    role: 'conv-weight' | 'linear-weight' | 'norm-weight' | 'embedding' | 'bias'
    shape: number[]
    value: number[]
    gradient: number[]
  }[]
  cases: { clip: 'norm' | 'value' | 'agc'; clipThreshold: number; gradients: number[][] }[]
}

export const clippingOracles = () => read('gradient-clipping.json') as ClippingOracles
