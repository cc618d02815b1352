// Lines of "Before the start" about memory and disk: what the run needs, what is free, and which settings need less.
import { availableParallelism } from 'node:os'
import type { DatasetSummary, PreflightFix } from '../../shared/api.ts'
import { withConfigValue } from '../../shared/config-fields.ts'
import { RepriseError } from '../../shared/errors.ts'
import { preparesEvaluation, preparesTraining } from '../../shared/input-fit.ts'
import { forecastMemory } from '../../shared/memory-forecast.ts'
import type { ProbeResult } from '../../shared/probe.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { smallerSteps } from '../../shared/smaller-step.ts'
import { line, type PreflightLine } from './preflight-line.ts'
import { checkpointBytes } from './saved-bytes.ts'
import { trainingSteps } from './schedule-points.ts'

/** Kept free on the disk beside what the run needs. */
const diskMargin = 64 * 1024 ** 2
/** Bytes of a step metric in the history, its indexes included. */
const stepBytes = 40

const rawBytes = ({ train, test, shape }: DatasetSummary) => (train + test) * shape[0] * shape[1] * shape[2]

export function usedPictures(config: RunConfig, data: DatasetSummary): number {
  return config.data.limitTrain > 0 ? Math.min(config.data.limitTrain, data.train) : data.train
}

/** Checkpoints, step metrics, and data that is still to come. */
export function diskNeed(config: RunConfig, data: DatasetSummary): number {
  const { perEpoch, total } = trainingSteps(config, usedPictures(config, data))
  const metrics = total * config.seeds.count * stepBytes
  const fetched = data.status === 'ready' ? 0 : data.downloadBytes + rawBytes(data)
  return checkpointBytes(config, Math.floor(total / perEpoch)) + metrics + fetched
}

/** @param cacheBytes of decoded pictures that will lie in a file */
export function diskCheck(
  config: RunConfig,
  data: DatasetSummary,
  { freeBytes, cacheBytes }: { freeBytes: number; cacheBytes: number },
): PreflightLine {
  const neededBytes = diskNeed(config, data) + cacheBytes
  const values = { neededBytes, freeBytes }
  if (freeBytes >= neededBytes + diskMargin) return line('disk', 'pass', values)
  const refusal = new RepriseError({
    code: 'disk-too-small',
    message: 'The disk that holds the data folder is too small for this run.',
    expected: `${megabytes(neededBytes + diskMargin)} free`,
    found: `${megabytes(freeBytes)} free`,
    fix: 'Free some space, run fewer seeds, or set REPRISE_HOME to a folder on another disk.',
    details: values,
  })
  return line('disk', 'fail', values, { refusal, fixes: diskFixes(config, data, cacheBytes) })
}

function diskFixes(config: RunConfig, data: DatasetSummary, cacheBytes: number): PreflightFix[] {
  const fix = (id: PreflightFix['id'], key: string, value: number): PreflightFix => {
    const changed = withConfigValue(config, key, value)
    return { id, changes: { [key]: value }, values: { bytes: diskNeed(changed, data) + cacheBytes } }
  }
  return [
    ...(config.saving.every > 0 && config.saving.keep !== 1 ? [fix('keep-fewer', 'saving.keep', 1)] : []),
    ...(config.seeds.count > 1 ? [fix('fewer-seeds', 'seeds.count', Math.ceil(config.seeds.count / 2))] : []),
  ]
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`
}

export interface MemoryConditions {
  freeBytes: number
  /** Of pictures in files that will be kept decoded in memory. */
  decodedBytes: number
  probe: ProbeResult | null
}

/**
 * `values.by`: measured, where a probe took steps of this very config, or predicted. A probe reads pictures from their files, so the
 * decoded ones come on top. On a GPU the line is about the memory of the computer.
 */
export function memoryCheck(
  config: RunConfig,
  data: DatasetSummary,
  { freeBytes, decodedBytes, probe }: MemoryConditions,
): PreflightLine {
  const forecast = (of: RunConfig) =>
    forecastMemory(of, { dataBytes: pixelBytes(data) + decodedBytes, ...feed(of, data) })
  const predictedBytes = forecast(config)
  const measured = probe?.device === 'CPU' ? probe.memory.measuredBytes + decodedBytes : null
  const neededBytes = measured ?? predictedBytes
  const values = { neededBytes, freeBytes, predictedBytes, by: measured === null ? 'predicted' : 'measured' }
  if (freeBytes >= neededBytes) return line('memory', 'pass', values)
  // Where a probe was higher or lower than the forecast, so are the others.
  const predict = (of: RunConfig) => Math.round((forecast(of) * neededBytes) / predictedBytes)
  return line('memory', 'note', values, { fixes: memoryFixes(config, predict, freeBytes) })
}

/** The same steps with less memory, the batch in no more parts than needed; and half precision, which changes them. */
function memoryFixes(config: RunConfig, predict: (of: RunConfig) => number, freeBytes: number): PreflightFix[] {
  const same = smallerSteps(config, predict)
  const parts = same.filter(({ id }) => id === 'accumulate')
  const enough = parts.find(({ values }) => Number(values.bytes) <= freeBytes) ?? parts.at(-1)
  const fixes = same.filter((fix) => fix.id !== 'accumulate' || fix === enough)
  if (config.compute.precision !== 'fp32') return fixes
  const changes = { 'compute.precision': config.compute.device.startsWith('gpu') ? 'fp16' : 'bf16' } as const
  const bytes = predict(withConfigValue(config, 'compute.precision', changes['compute.precision']))
  return bytes < predict(config) ? [...fixes, { id: 'precision', changes, values: { bytes } }] : fixes
}

const pixelBytes = (data: DatasetSummary) => (data.storage === 'files' ? 0 : rawBytes(data))

function feed(config: RunConfig, { shape }: DatasetSummary): { feedThreads: number } {
  const isFed = shape[2] > 0 && (preparesTraining(config, shape) || preparesEvaluation(config, shape))
  const threads = config.compute.threads > 0 ? config.compute.threads : availableParallelism()
  return { feedThreads: isFed ? threads : 0 }
}
