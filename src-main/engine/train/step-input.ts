// The first operations of a compiled training step: what its batch gives to the network and to the loss.
import type * as tf from '@tensorflow/tfjs-core'
import { type InputSize, preparesTraining } from '../../shared/input-fit.ts'
import { drawCount } from '../data/draws.ts'
import { preparesBytes } from '../data/picture-preparation.ts'
import type { TensorSpec } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { smoothedTargets } from '../tensorflow/ops/cross-entropy.ts'
import { mixBatch, mixingValues } from './batch-mixing.ts'
import { augment, normalise, padToInput } from './input-pipeline.ts'
import type { StepContext } from './training-step.ts'

type InputContext = Pick<StepContext, 'config' | 'picture' | 'input' | 'normalization' | 'classes'>

/** Pictures, labels and draws or mixing, as `Batch` describes them. */
export type BatchTensors = readonly [images: tf.Tensor, labels: tf.Tensor, drawsOrMixing: tf.Tensor]

/** Those inputs of a compiled function for batches of one size; `input` is that of prepared pictures. */
export function batchSpecs(context: InputContext, batch: number, input: InputSize): TensorSpec[] {
  const labels = { dtype: DType.int32, shape: [batch] }
  const { config, picture } = context
  if (preparesTraining(config, picture)) {
    const dtype = preparesBytes(config.augment) ? DType.uint8 : DType.float
    const images = { dtype, shape: [batch * config.augment.splits, ...input, 3] }
    return [images, labels, { dtype: DType.float, shape: [mixingValues] }]
  }
  const images = { dtype: DType.uint8, shape: [batch, ...picture] }
  return [images, labels, { dtype: DType.int32, shape: [batch, drawCount] }]
}

/** The network's input [n, h, w, c], of all splits one after the other, and soft targets [n, classes]. */
export function stepInput(
  context: InputContext,
  [images, labels, drawsOrMixing]: BatchTensors,
): { x: tf.Tensor; targets: tf.Tensor } {
  const { config, picture, input, normalization, classes } = context
  const targets = smoothedTargets(labels, classes, config.train.labelSmoothing)
  if (preparesTraining(config, picture)) {
    const x = preparesBytes(config.augment) ? normalise(images, normalization) : images
    return mixBatch({ x, targets }, drawsOrMixing, config.augment)
  }
  const pictures = normalise(padToInput(images, picture, input), normalization)
  return { x: augment(pictures, drawsOrMixing, config.augment, normalization), targets }
}
