// What is known of a training whose numbers were not finite, and what usually brings that about. Pure.
import type { RunDetail } from '../../../src-main/shared/api.ts'
import type { ErrorReport } from '../../../src-main/shared/errors.ts'
import type { RunConfig } from '../../../src-main/shared/run-config.ts'

export interface NotFiniteFacts {
  /** The layer in which it began. */
  layer: string | null
  /** Learning rate of the step. */
  lr: number | null
  /** Of the layers where they were largest. */
  gradientNorms: LayerFigure[]
  largestActivation: LayerFigure | null
}

interface LayerFigure {
  layer: string
  value: number
}

function layerFigure(entry: unknown): LayerFigure | null {
  const { layer, value } = (entry ?? {}) as Partial<Record<keyof LayerFigure, unknown>>
  return typeof layer === 'string' && typeof value === 'number' ? { layer, value } : null
}

/** Reads the details of an error `not-finite`; what it does not tell is null or empty. */
export function notFiniteFacts(error: ErrorReport | null): NotFiniteFacts {
  const details = error?.details ?? {}
  const norms = Array.isArray(details.gradientNorms) ? details.gradientNorms : []
  return {
    layer: typeof details.layer === 'string' ? details.layer : null,
    lr: typeof details.lr === 'number' ? details.lr : null,
    gradientNorms: norms.flatMap((entry: unknown) => layerFigure(entry) ?? []),
    largestActivation: layerFigure(details.largestActivation),
  }
}

export type CauseOfNotFinite = 'rate' | 'warmup' | 'precision' | 'clip' | 'data'

/** Usual causes under this config, the likeliest first; the data when nothing else is at hand. */
export function usualCauses(config: RunConfig, recipe: RunConfig): CauseOfNotFinite[] {
  const causes: CauseOfNotFinite[] = []
  if (config.optimizer.lr > recipe.optimizer.lr) causes.push('rate')
  if (config.schedule.warmup === 0) causes.push('warmup')
  if (config.compute.precision !== 'fp32') causes.push('precision')
  if (config.optimizer.clip === 'none') causes.push('clip')
  return causes.length > 0 ? causes : ['data']
}

/** By how much the rates have to be multiplied to be the recipe's, or null where they are or cannot be. */
export function rateToRecipe({ config, recipe }: Pick<RunDetail, 'config' | 'recipe'>): number | null {
  const [own, wanted] = [config.optimizer.lr, recipe.config.optimizer.lr]
  return own > 0 && wanted > 0 && wanted < own ? wanted / own : null
}
