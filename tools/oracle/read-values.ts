// The oracle's files as typed values. What each holds and where it comes from: README.md.
import { readFileSync } from 'node:fs'

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
