// What a run config says of its network beside the name, in the builders' terms.
import { trainingSize } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { BatchNormSettings, ModelOptions } from '../nn/model-options.ts'

/** Rates below zero leave the architecture's own. */
export function networkOptions(config: RunConfig): ModelOptions {
  const { dropout, dropPath, zeroInit } = config.model
  return {
    resolution: trainingSize(config)[0],
    ...(dropout >= 0 ? { dropout } : {}),
    ...(dropPath >= 0 ? { dropPath } : {}),
    ...(zeroInit ? { zeroInitResidual: true } : {}),
    norm: batchNormSettings(config.norm),
  }
}

/** Zeros leave the architecture's value, or the whole batch. */
function batchNormSettings({ momentum, epsilon, ghostBatch, freeze }: RunConfig['norm']): BatchNormSettings {
  return {
    ...(momentum > 0 ? { momentum } : {}),
    ...(epsilon > 0 ? { epsilon } : {}),
    ...(ghostBatch > 0 ? { ghostBatch } : {}),
    freeze,
  }
}
