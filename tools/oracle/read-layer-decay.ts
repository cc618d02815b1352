// The oracle's file on layer-wise rates as typed values. What it holds: README.md.
import { readFileSync } from 'node:fs'
import type { RunConfigInput } from '../../src-main/shared/run-config.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`values/${name}`, import.meta.url), 'utf8'))

export interface LayerDecayOracles {
  /** For each network that timm has: runs of learned parameters, in order, that lie in one layer, as [layer, how many]. */
  networks: { name: string; layers: [layer: number, count: number][] }[]
  steps: number
  /** The rate of step t (from 0) is `lr` x rates[t]. */
  rates: number[]
  /** A matrix [out, in] and a vector for each layer; the loss is sum((p - target)^2) / 4, and matrices alone decay. */
  parameters: { layer: number; shape: number[]; start: number[]; target: number[] }[]
  paths: {
    optimizer: NonNullable<RunConfigInput['optimizer']> & { name: string; lr: number }
    path: { step: number; values: number[][] }[]
  }[]
}

export const layerDecayOracles = () => read('layer-decay.json') as LayerDecayOracles
