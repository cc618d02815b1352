// One training step as a TensorFlow function: pixels and draws in, loss out, parameters and running statistics updated.
import * as tf from '@tensorflow/tfjs-core'
import type { InputSize } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { PictureShape } from '../data/dataset.ts'
import type { Normalization } from '../data/normalization.ts'
import type { ForwardPass, Network, Parameter } from '../nn/parameters.ts'
import { type CompiledFunction, compileFunction, type TensorSpec } from '../tensorflow/compiled-function.ts'
import type { MixedPrecision } from '../tensorflow/config-proto.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { assignVariable, beginUpdates, readVariable, type Variable } from '../tensorflow/variables.ts'
import type { Batch } from './batch-source.ts'
import { clipGradients } from './clip-gradients.ts'
import { finiteChecks } from './finite-check.ts'
import type { GradientSums } from './gradient-sums.ts'
import type { LossScale } from './loss-scale.ts'
import { trainingLosses } from './losses/training-losses.ts'
import type { Optimizer } from './optimizers/optimizer.ts'
import { type BatchTensors, batchSpecs, stepInput } from './step-input.ts'

export interface StepContext {
  network: Network
  config: RunConfig
  classes: number
  /** Shape of a raw picture. */
  picture: PictureShape
  /** Height and width of the training input, the largest ones where it grows. */
  input: InputSize
  normalization: Normalization
  optimizer: Optimizer
  /** For steps over several batches only. */
  gradientSums: GradientSums | null
  /** Dynamic loss scaling, for fp16 only. */
  lossScale: LossScale | null
}

/** Place of a batch among the `of` batches of a step, from 0. All but the last only add up gradients. */
export interface BatchPart {
  index: number
  of: number
}

export const wholeStep: BatchPart = { index: 0, of: 1 }

export type StepTensors = [...batch: BatchTensors, layerKey: tf.Tensor, lr: tf.Tensor]

/** Inputs of the step function, in order. */
export function trainingStepInputs(context: StepContext, { size, input }: Pick<Batch, 'size' | 'input'>): TensorSpec[] {
  return [...batchSpecs(context, size, input), { dtype: DType.int32, shape: [] }, { dtype: DType.float, shape: [] }]
}

/**
 * The body of a step on the tensors of a batch (step-input.ts), the key of random layers int32 [] and the learning rate.
 * Runs op by op or traced with equal results. Only `trainable` parameters get gradients. Where the loss, a gradient or a running
 * statistic of the batch is not finite the step fails (`notFiniteFailure`) and has changed nothing; of a step over several
 * batches, those before have moved running statistics and added to the gradient sums. Under a dynamic loss scale gradients
 * may overflow.
 * @returns the mean loss and the count of right answers, both scalars
 */
export function trainingStep(
  context: StepContext,
  trainable: readonly Parameter[],
  tensors: StepTensors,
  part: BatchPart = wholeStep,
): [loss: tf.Tensor, correct: tf.Tensor] {
  const { network, config } = context
  const [, labels, , layerKey, lr] = tensors
  const pass: TrainingPass = { ...trainingPass(layerKey), checkpointing: config.compute.checkpointing }
  const { loss, logits, values, gradients: grads } = stepGradients(context, trainable, tensors, pass)
  const statistics = pass.statistics.map(({ value }) => value)
  const checks = finiteChecks({ loss, gradients: context.lossScale ? null : grads, statistics })
  beginUpdates([...grads, ...statistics, ...checks])
  const total = context.gradientSums?.add(trainable, grads, part) ?? grads
  if (part.index === part.of - 1) {
    const { gradients, finite } = context.lossScale?.unscale(total) ?? { gradients: total, finite: null }
    const clipped = clipGradients(config.optimizer, network, trainable, values, gradients)
    context.optimizer.apply({ parameters: trainable, values, gradients: clipped, lr, finite })
  }
  for (const { buffer, value } of pass.statistics) {
    assignVariable(buffer.variable, value)
    value.dispose()
  }
  // The first split of a batch.
  const judged = tf.slice(logits, [0, 0], [labels.shape[0] ?? 0, context.classes])
  const predicted = tf.argMax(judged as tf.Tensor2D, 1)
  const correct = tf.sum(tf.cast(tf.equal(predicted, labels), 'float32'))
  return [loss, correct]
}

/**
 * Forward and backward pass of a step, without its updates. The gradients are of the scaled loss where there is a loss scale, the
 * loss is not scaled. The caller disposes of the statistics of `pass`.
 */
export function stepGradients(
  context: StepContext,
  trainable: readonly Parameter[],
  [images, labels, drawsOrTargets]: StepTensors,
  pass: TrainingPass,
): { loss: tf.Tensor; logits: tf.Tensor; values: tf.Tensor[]; gradients: tf.Tensor[] } {
  const { network, config, lossScale } = context
  const { x, targets } = stepInput(context, [images, labels, drawsOrTargets])
  const values = trainable.map((parameter) => pass.read(parameter))
  for (const parameter of network.parameters.all) pass.read(parameter)
  const kept: tf.Tensor[] = []
  const { grads } = tf.valueAndGrads((..._values: tf.Tensor[]) => {
    const logits = tf.keep(network.forward(x, pass))
    const loss = tf.keep(trainingLosses[config.train.loss](logits, targets, config.train))
    kept.push(loss, logits)
    return (lossScale ? lossScale.scaled(loss) : loss) as tf.Scalar
  })(values)
  // What tfjs keeps belongs to no scope; clones belong to the caller's.
  const [loss, logits] = kept.map((tensor) => tf.clone(tensor)) as [tf.Tensor, tf.Tensor]
  for (const tensor of kept) tensor.dispose()
  return { loss, logits, values, gradients: grads }
}

export interface TrainingPass extends ForwardPass {
  /** New running statistics, kept for who assigns them. */
  readonly statistics: { buffer: Parameter; value: tf.Tensor }[]
}

/** A pass with batch statistics, which reads each variable once. `variableOf` gives the variables in place of the network's. */
export function trainingPass(
  layerKey: tf.Tensor,
  variableOf: (parameter: Parameter) => Variable = ({ variable }) => variable,
): TrainingPass {
  const values = new Map<Parameter, tf.Tensor>()
  const statistics: TrainingPass['statistics'] = []
  return {
    training: true,
    statistics,
    read(parameter) {
      const known = values.get(parameter)
      if (known) return known
      const value = readVariable(variableOf(parameter))
      values.set(parameter, value)
      return value
    },
    onStatistics: (buffer, value) => statistics.push({ buffer, value }),
    randomKey: (stream) => tf.stack([layerKey, tf.scalar(stream, 'int32')]),
  }
}

/** Compiles the step for batches of one size and input; `trainable` leaves out what is frozen at this point of the training. */
export function compileTrainingStep(
  context: StepContext,
  trainable: readonly Parameter[],
  batch: Pick<Batch, 'size' | 'input'>,
  part: BatchPart = wholeStep,
): CompiledFunction {
  return compileFunction(
    'train_step',
    trainingStepInputs(context, batch),
    (...inputs) => trainingStep(context, trainable, inputs as StepTensors, part),
    { mixedPrecision: mixedPrecisionOf(context.config) },
  )
}

export function mixedPrecisionOf(config: RunConfig): MixedPrecision {
  const names = { fp32: 'none', bf16: 'bfloat16', fp16: 'float16' } as const
  return names[config.compute.precision]
}
