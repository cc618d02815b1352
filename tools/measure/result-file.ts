// What is kept of a measured recipe under resources/results/: hardware, versions, every seed's figures and curves, the verdict.
import { cpus, totalmem } from 'node:os'
import { computeVerdict } from '../../src-main/engine/evaluate/verdict.ts'
import { type ConfigDifference, configDifferences } from '../../src-main/shared/config-fields.ts'
import type { MeasuredResult, Recipe } from '../../src-main/shared/recipe.ts'
import type { RunConfig } from '../../src-main/shared/run-config.ts'
import type { Verdict } from '../../src-main/shared/verdict.ts'
import type { DataSummary, EpochResult, SeedResult, StepPoint } from '../../src-main/shared/worker-protocol.ts'

export interface SeedMeasurement {
  seed: number
  result: SeedResult
  epochs: EpochResult[]
  /** Step and training loss, thinned to about 250 points. */
  loss: [step: number, loss: number][]
}

export interface ResultFile {
  recipe: string
  date: string
  hardware: string
  versions: { reprise: string; tensorflow: string; node: string }
  precision: RunConfig['compute']['precision']
  /** Other programs used the machine meanwhile, so the times are upper bounds. */
  machineShared: boolean
  differences: ConfigDifference[]
  fingerprint: string
  seeds: SeedMeasurement[]
  verdict: Verdict
}

const lossPoints = 250

export function thinned(points: readonly StepPoint[]): [number, number][] {
  const every = Math.max(1, Math.ceil(points.length / lossPoints))
  return points
    .filter((_, i) => i % every === 0 || i === points.length - 1)
    .map(({ step, loss }) => [step, Number(loss.toPrecision(5))])
}

export function resultFile(
  recipe: Recipe,
  config: RunConfig,
  data: DataSummary,
  seeds: SeedMeasurement[],
  about: Pick<ResultFile, 'date' | 'versions' | 'machineShared'>,
): ResultFile {
  const judged = seeds.map(({ seed, result }) => ({ ...result, seed }))
  const cores = cpus().length
  return {
    recipe: recipe.id,
    ...about,
    hardware: `${cpus()[0]?.model.trim() ?? 'CPU'}, ${cores} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
    precision: config.compute.precision,
    differences: configDifferences(recipe.config, config),
    fingerprint: data.fingerprint,
    seeds,
    verdict: computeVerdict({ recipe, config, seeds: judged, data }),
  }
}

/** The entry for `measured` in the recipe, which the app shows. */
export function measuredEntry(file: ResultFile, source: string): MeasuredResult {
  const { versions } = file
  return {
    hardware: file.hardware,
    versions: `Reprise ${versions.reprise}, TensorFlow ${versions.tensorflow}, Node ${versions.node}`,
    date: file.date,
    precision: file.precision,
    top1: file.seeds.map(({ result }) => result.last.top1),
    secondsPerSeed: file.seeds.map(({ result }) => Math.round(result.seconds)),
    source,
  }
}
