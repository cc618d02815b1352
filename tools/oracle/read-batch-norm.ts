// The oracle's file on the forms of batch normalisation as typed values. What it holds: README.md.
import { readFileSync } from 'node:fs'
import type { NormCase } from './read-values.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`values/${name}`, import.meta.url), 'utf8'))

export interface BatchNormFormOracles {
  /** Running statistics after one pass, from 0 and 1. */
  ghosts: (NormCase & { group: number; momentum: number })[]
  /** Running statistics as given. */
  frozen: NormCase
  /** Weights by `patternParameter`; batch b holds the bytes floor(128 + 120 u) of pattern stream 62,000 + b. */
  reestimated: {
    model: 'resnet20-cifar'
    images: [number, number, number, number]
    batches: number
    mean: number[]
    std: number[]
    /** Of some layers, after all batches. */
    runningStatistics: { name: string; values: number[] }[]
    /** Of batch 0, [n, classes], with those statistics. */
    evalLogits: number[][]
  }
}

export const batchNormFormOracles = () => read('batch-norm-forms.json') as BatchNormFormOracles
