// How long one seed takes on this machine: measured here if it can be, else scaled from the recipe's cost.

import { trainingSize } from '../../shared/input-fit.ts'
import type { Recipe } from '../../shared/recipe.ts'
import { datasetRecord } from '../../shared/registry/datasets.ts'
import { models } from '../../shared/registry/models.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { History } from '../db/history.ts'
import type { StoredRun } from '../db/runs-table.ts'

export interface SecondsEstimate {
  seconds: number
  /** True when finished seeds with the same cost were timed on this machine. */
  measured: boolean
}

export interface CostEstimator {
  perSeed(recipe: Recipe, config: RunConfig): SecondsEstimate
  /** Call it when a run has ended. */
  forget(): void
}

/** Step time relative to fp32 on a CPU with bf16 instructions, as measured on ResNet-20. */
const precisionFactor = { fp32: 1, bf16: 0.62, fp16: 0.62 } as const

/** The recipes' costs are for two cores. */
const recipeCores = 2

/** A run of less work is mostly start and evaluation and says little about how fast a long one trains. */
const leastShareOfTimed = 0.1

/** Training pictures of an epoch, of `all` that the data set has. */
function picturesOfEpoch({ data: { limitTrain } }: RunConfig, all: number): number {
  return limitTrain > 0 ? Math.min(limitTrain, all) : all
}

/** What a data set has as it is published; 50,000 for the user's own before they are ready. */
function publishedPictures({ data: { dataset } }: RunConfig): number {
  return datasetRecord(dataset)?.train ?? 50_000
}

/**
 * Multiply-accumulates of one seed's training in some unit: pictures x size of the net at its input x factor of the
 * precision. The data set has `trainPictures`.
 */
export function workOfSeed(config: RunConfig, trainPictures = publishedPictures(config)): number {
  const { lengthUnit, length, batchSize, accumulate } = config.train
  const epoch = picturesOfEpoch(config, trainPictures)
  const pictures = lengthUnit === 'epochs' ? length * epoch : length * batchSize * accumulate
  const { macsMillions, input } = models[config.model.name as keyof typeof models]
  const [height, width] = trainingSize(config)
  const ofArea = (height * width) / (input[0] * input[1])
  return pictures * macsMillions * ofArea * precisionFactor[config.compute.precision]
}

/** Settings that change what a seed costs; two runs that agree in them take the same time. */
function costKey(config: RunConfig): string {
  const { data, input, model, train, augment, evaluation, compute } = config
  return JSON.stringify([data, input, model, { ...train, labelSmoothing: 0 }, augment, evaluation, compute])
}

function median(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}

/** @param machine runs that were timed on another one do not count */
export function createCostEstimator(history: History, machine: { cpu: string; cores: number }): CostEstimator {
  let timed: { run: StoredRun; seconds: number }[] | null = null

  const timedRuns = () => {
    timed ??= history.runs
      .finished()
      .filter(({ environment }) => environment?.cpu.trim() === machine.cpu && environment.cores === machine.cores)
      .flatMap((run) => {
        const seconds = history.seeds
          .list(run.run)
          .flatMap(({ result }) => (result?.stopped ? [] : (result?.seconds ?? [])))
        const mean = seconds.reduce((sum, value) => sum + value, 0) / seconds.length
        return seconds.length > 0 ? [{ run, seconds: mean }] : []
      })
    return timed
  }

  return {
    perSeed: (recipe, config) => {
      const key = costKey(config)
      const same = timedRuns().find(({ run }) => run.recipeId === recipe.id && costKey(run.config) === key)
      if (same) return { seconds: same.seconds, measured: true }
      const scaled = (of: Recipe, as: RunConfig, trainPictures?: number) =>
        (of.cost.seconds * workOfSeed(as, trainPictures)) / workOfSeed(of.config)
      const stored = history.dataSets.get(config.data.dataset)
      const expected = scaled(recipe, config, stored?.status === 'ready' ? stored.train : undefined)
      const comparable = timedRuns()
        .map(({ run, seconds }) => ({ seconds, expected: scaled(run.recipe, run.config, run.data?.train) }))
        .filter((timed) => timed.expected >= leastShareOfTimed * expected)
      const factor = median(comparable.map((timed) => timed.seconds / timed.expected))
      return { seconds: expected * (factor ?? recipeCores / machine.cores), measured: false }
    },
    forget: () => {
      timed = null
    },
  }
}
