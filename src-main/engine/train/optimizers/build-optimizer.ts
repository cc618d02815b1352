// The registry of optimizers.
import type { OptimizerName } from '../../../shared/registry/training.ts'
import { adam } from './adam.ts'
import { adamw } from './adamw.ts'
import { lamb } from './lamb.ts'
import { lars } from './lars.ts'
import { lion } from './lion.ts'
import { muon } from './muon.ts'
import type { OptimizerBuilder } from './optimizer.ts'
import { rmsprop } from './rmsprop.ts'
import { rmspropTf } from './rmsprop-tf.ts'
import { sgd } from './sgd.ts'

const builders: Record<OptimizerName, OptimizerBuilder> = {
  sgd,
  adam,
  adamw,
  rmsprop,
  'rmsprop-tf': rmspropTf,
  lamb,
  lars,
  lion,
  muon,
}

/** The optimizer of a config, with fresh state for `parameters`. */
export const buildOptimizer: OptimizerBuilder = (parameters, config) => builders[config.name](parameters, config)
