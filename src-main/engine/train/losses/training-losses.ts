// The registry of losses: mean over the batch from logits and targets, both [n, classes]; JSD takes logits [splits x n, classes].
import * as tf from '@tensorflow/tfjs-core'
import type { LossName } from '../../../shared/registry/training.ts'
import type { RunConfig } from '../../../shared/run-config.ts'
import { binaryCrossEntropy } from '../../tensorflow/ops/binary-cross-entropy.ts'
import { softmaxCrossEntropy } from '../../tensorflow/ops/cross-entropy.ts'
import { jsdCrossEntropy } from '../../tensorflow/ops/jsd-cross-entropy.ts'

type TrainingLoss = (logits: tf.Tensor, targets: tf.Tensor, config: RunConfig['train']) => tf.Tensor

export const trainingLosses: Record<LossName, TrainingLoss> = {
  'cross-entropy': (logits, targets) => softmaxCrossEntropy(logits, targets),
  bce: (logits, targets, { bceThreshold, bceSum }) => {
    const hard = bceThreshold > 0 ? tf.cast(tf.greater(targets, bceThreshold), 'float32') : targets
    return binaryCrossEntropy(logits, hard, bceSum ? 'sum' : 'mean')
  },
  jsd: (logits, targets, { jsdAlpha }) => {
    const splits = (logits.shape[0] ?? 0) / (targets.shape[0] ?? 1)
    return jsdCrossEntropy(logits, targets, splits, jsdAlpha)
  },
}
