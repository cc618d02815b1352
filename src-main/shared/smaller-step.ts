// Ways to take the same steps and judge the same pictures with less memory, as changes of the config.
import type { PreflightFix } from './api.ts'
import { type FieldValue, withConfigValue } from './config-fields.ts'
import { type ModelName, models } from './registry/models.ts'
import type { RunConfig } from './run-config.ts'

const divisors = [2, 4, 8]
const mostBatches = 4096
/** Batch normalisation needs more than one picture. */
const fewestNormalised = 2
/** Of networks that normalise by layer, or not at all. */
const familiesWithoutBatchNorm = new Set(['lenet', 'squeezenet', 'vit', 'convnext'])

/**
 * What needs less memory, the least change first, each with the bytes that `predict` gives for it: those that save nothing are left
 * out.
 *
 * `evaluation` judges fewer pictures at a time, as few as help where evaluations need the most. `checkpointing` computes the same
 * gradients and takes longer. `accumulate` takes a batch in k parts: as many pictures a step and the
 * same rate, the mean gradient up to rounding. Where batch normalisation works by the batch its statistics are of
 * `values.batchNormPictures` pictures (0 where they stay as they were); mixing pairs the pictures of a part; and where the last,
 * incomplete batch of an epoch is dropped, less of it is, so an epoch may have one step more.
 */
export function smallerSteps(config: RunConfig, predict: (config: RunConfig) => number): PreflightFix[] {
  const present = predict(config)
  return [...judgedInParts(config, predict), ...checkpointed(config), ...accumulated(config)]
    .map((fix) => ({ ...fix, values: { ...fix.values, bytes: predict(changed(config, fix.changes)) } }))
    .filter(({ values }) => values.bytes < present)
}

function changed(config: RunConfig, changes: PreflightFix['changes']): RunConfig {
  return Object.entries(changes).reduce((made, [key, value]) => withConfigValue(made, key, value as FieldValue), config)
}

function judgedInParts(config: RunConfig, predict: (config: RunConfig) => number): PreflightFix[] {
  const changes = (batch: number) => ({ 'evaluation.batchSize': batch })
  const predicted = (batch: number) => predict(changed(config, changes(batch)))
  let batch = config.evaluation.batchSize
  let bytes = predict(config)
  for (let half = Math.floor(batch / 2); half >= 1; half = Math.floor(half / 2)) {
    const fewer = predicted(half)
    if (fewer >= bytes) break
    batch = half
    bytes = fewer
  }
  return batch === config.evaluation.batchSize ? [] : [{ id: 'evaluation', changes: changes(batch), values: {} }]
}

function checkpointed({ compute }: RunConfig): PreflightFix[] {
  if (compute.checkpointing) return []
  return [{ id: 'checkpointing', changes: { 'compute.checkpointing': true }, values: {} }]
}

function accumulated(config: RunConfig): PreflightFix[] {
  const { batchSize, accumulate } = config.train
  return divisors
    .filter((k) => batchSize % k === 0 && batchSize / k >= (normalisesByBatch(config) ? fewestNormalised : 1))
    .filter((k) => accumulate * k <= mostBatches)
    .map((k) => ({
      id: 'accumulate',
      changes: { 'train.batchSize': batchSize / k, 'train.accumulate': accumulate * k },
      values: { batchNormPictures: batchNormPictures(config, batchSize / k) },
    }))
}

/** Pictures that are normalised together in batches of `batch`; 0 where as many are as before, or none. */
function batchNormPictures(config: RunConfig, batch: number): number {
  const { ghostBatch } = config.norm
  if (!normalisesByBatch(config) || (ghostBatch > 0 && batch % ghostBatch === 0)) return 0
  return ghostBatch > 0 ? Math.min(ghostBatch, batch) : batch
}

/** False where each picture's figures are its own in training. */
export function normalisesByBatch({ model, norm }: Pick<RunConfig, 'model' | 'norm'>): boolean {
  return norm.freeze === 'none' && !familiesWithoutBatchNorm.has(models[model.name as ModelName].family)
}
