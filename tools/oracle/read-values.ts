// The oracle's files as typed values. What each holds and where it comes from: README.md.
import { readFileSync } from 'node:fs'
import type { RunConfigInput } from '../../src-main/shared/run-config.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`values/${name}`, import.meta.url), 'utf8'))

/** Gradient of one parameter in PyTorch's layout: norm, projection (`patternProjection`) and a few single values. */
export interface GradientSummary {
  norm: number
  projection: number
  indices: number[]
  values: number[]
}

export interface NetworkOracle {
  name: 'resnet20-cifar' | 'airbench94' | 'lenet5'
  /** Batch, height, width, channels, for `patternImages`. */
  images: [number, number, number, number]
  labels: number[]
  labelSmoothing: number
  /** [batch, classes] with batch statistics, before any update. */
  trainLogits: number[][]
  loss: number
  /** In the order that gives each its number for `patternParameter`; a null gradient marks a fixed one. */
  parameters: { name: string; shape: number[]; gradient: GradientSummary | null }[]
  /** Of batch normalisation, after the one training pass, from 0 and 1. */
  runningStatistics: { name: string; values: number[] }[]
  /** [batch, classes] with those running statistics. */
  evalLogits: number[][]
  viewLogits: { mirror: number[][]; 'mirror-translate': number[][] }
}

export const networkOracles = () => read('networks.json') as NetworkOracle[]

/** Row-major values. */
export interface OracleTensor {
  shape: number[]
  values: number[]
}

/** NHWC; each gradient is that of sum(output x upstream). */
export interface NormCase {
  epsilon: number
  input: OracleTensor
  scale: OracleTensor
  offset: OracleTensor
  upstream: OracleTensor
  output: OracleTensor
  inputGradient: OracleTensor
  scaleGradient: OracleTensor
  offsetGradient: OracleTensor
  /** After one training pass, from 0 and 1; the variance is the unbiased one. */
  runningMean: OracleTensor
  runningVariance: OracleTensor
}

/** Single layers in NHWC and HWIO; each gradient is that of sum(output x upstream). */
export interface LayerOracles {
  batchNorm: (NormCase & {
    /** PyTorch's momentum: the weight of the new statistics. */
    newStatisticsWeight: number
    evalOutput: OracleTensor
  })[]
  convolution: {
    stride: number
    /** Zeros on each side. */
    padding: number
    input: OracleTensor
    filter: OracleTensor
    bias: OracleTensor | null
    upstream: OracleTensor
    output: OracleTensor
    inputGradient: OracleTensor
    filterGradient: OracleTensor
    biasGradient: OracleTensor | null
  }[]
  /** Stride equals size, no padding: incomplete fields at the border are dropped. */
  pool: {
    name: 'max' | 'average'
    size: number
    input: OracleTensor
    upstream: OracleTensor
    output: OracleTensor
    inputGradient: OracleTensor
  }[]
  activation: {
    name: 'relu' | 'gelu' | 'scaled-tanh'
    input: OracleTensor
    upstream: OracleTensor
    output: OracleTensor
    inputGradient: OracleTensor
  }[]
  /** Mean over the batch. */
  crossEntropy: {
    labelSmoothing: number
    logits: OracleTensor
    labels: number[]
    loss: number
    logitsGradient: OracleTensor
  }[]
}

export const layerOracles = () => read('layers.json') as LayerOracles

export const oracleParameterKinds = ['weight', 'normScale', 'normBias', 'bias'] as const
export type OracleParameterKind = (typeof oracleParameterKinds)[number]

/**
 * Optimizers on sum(curvature x (p - target)^2) / 2; the rate of step t (from 0) is `lr` x rates[t]. The weight is a linear
 * layer as [2 in, 3 out].
 */
export interface OptimizerOracles {
  steps: number
  rates: number[]
  problem: Record<OracleParameterKind, { start: number[]; target: number[]; curvature: number[] }>
  cases: {
    name: string
    /** In the terms of the run config. */
    optimizer: NonNullable<RunConfigInput['optimizer']> & { lr: number }
    /** Parameters after so many steps. */
    path: ({ step: number } & Record<OracleParameterKind, number[]>)[]
  }[]
}

export const optimizerOracles = () => read('optimizers.json') as OptimizerOracles

export interface WhiteningOracle {
  epsilon: number
  /** NHWC. */
  pictures: OracleTensor
  /** Largest first. */
  eigenvalues: number[]
  /** [12, 3, 2, 2] in OIHW: the first half of the layer, each with its largest entry made positive. */
  filters: OracleTensor
  /** Sum over the filters of w w^T, over the flat (channel, row, column). */
  gram: number[][]
}

export const whiteningOracle = () => read('whitening.json') as WhiteningOracle

export interface ScheduleOracle {
  name: string
  stepsPerEpoch: number
  totalSteps: number
  /** In the terms of the run config. */
  config: RunConfigInput
  /** Mean training loss of each epoch, for a schedule that depends on it. */
  epochLosses?: number[]
  lr: number[]
}

export const scheduleOracles = () => read('schedules.json') as ScheduleOracle[]

export interface StudentTOracle {
  probability: number
  degrees: number[]
  quantiles: number[]
  /** Half the 95 % Welch interval of the difference between the values of `ours` and a sample known by its figures. */
  welch: { ours: number[]; paper: { mean: number; std: number; seeds: number }; half: number }
}

export interface BenchmarksOracle {
  /** md5 by name. */
  files: Record<string, { train: Record<string, string>; test: Record<string, string> }>
  /** Of ImageNet. */
  synsets: string[]
}

export const benchmarksOracle = () => read('benchmarks.json') as BenchmarksOracle

export const studentTOracle = () => read('student-t.json') as StudentTOracle

export interface TopKOracle {
  classes: number
  logits: number[]
  labels: number[]
  top1: number
  top5: number
  loss: number
}

export const topKOracle = () => read('top-k.json') as TopKOracle

/** Whole predictions from files under values/pictures, with weights by `patternParameter`. */
export interface PredictionOracle {
  arch: 'squeezenet1-1'
  /** `top` are the five highest classes, highest first. */
  cases: { picture: string; top: number[]; logits: number[] }[]
}

export const predictionOracle = () => read('prediction.json') as PredictionOracle
