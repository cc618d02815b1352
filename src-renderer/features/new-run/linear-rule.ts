// The linear scaling rule (Goyal et al. 2017): a batch k times as large wants k times the learning rate.
import type { RunConfig } from '../../../src-main/shared/run-config.ts'
import type { Changes } from './draft.ts'

export interface LinearRule {
  fromBatch: number
  toBatch: number
  rate: number
}

/** What the rule would give when the batch was changed and the rate was not; null when there is nothing to say. */
export function linearRule(recipe: RunConfig, changes: Changes): LinearRule | null {
  const toBatch = changes['train.batchSize']
  if (typeof toBatch !== 'number' || toBatch <= 0 || 'optimizer.lr' in changes) return null
  const fromBatch = recipe.train.batchSize
  return { fromBatch, toBatch, rate: Number(((recipe.optimizer.lr * toBatch) / fromBatch).toPrecision(6)) }
}
