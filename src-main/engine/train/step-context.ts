// What a compiled step needs beside its inputs, and the initial values that come from the data.
import * as tf from '@tensorflow/tfjs-core'
import { preparesTraining, trainingSize } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Dataset } from '../data/dataset.ts'
import { normalizationOf } from '../data/normalization.ts'
import type { Network } from '../nn/parameters.ts'
import { tensorFlowBackend } from '../tensorflow/backend.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { createGradientSums } from './gradient-sums.ts'
import { normalise, padToInput } from './input-pipeline.ts'
import { createLossScale } from './loss-scale.ts'
import { buildOptimizer } from './optimizers/build-optimizer.ts'
import type { StepContext } from './training-step.ts'

const whiteningPictures = 5000

/** Everything a step needs beside its inputs; `disposeStepContext` frees what it made. */
export function stepContext(network: Network, dataset: Dataset, config: RunConfig, classes: number): StepContext {
  const trainable = network.parameters.all.filter((p) => p.trainable)
  return {
    network,
    config,
    classes,
    picture: [...dataset.shape],
    input: trainingSize(config),
    normalization: normalizationOf(config.input, dataset),
    optimizer: buildOptimizer(trainable, config.optimizer),
    gradientSums: config.train.accumulate > 1 ? createGradientSums(trainable) : null,
    lossScale: config.compute.precision === 'fp16' ? createLossScale() : null,
  }
}

/** Frees optimizer, sums, loss scale and network. */
export function disposeStepContext({ network, optimizer, gradientSums, lossScale }: StepContext): void {
  optimizer.dispose()
  gradientSums?.dispose()
  lossScale?.dispose()
  network.parameters.dispose()
}

/** Sets data-dependent initial values from the first training pictures, where the network asks for it. */
export function initialiseFromData(runtime: TensorFlowRuntime, context: StepContext, dataset: Dataset): void {
  const { network } = context
  if (!network.initialiseFrom || dataset.storage === 'files') return
  const count = Math.min(whiteningPictures, dataset.train.count)
  const [h, w, c] = dataset.shape
  tf.tidy(() => {
    const raw = dataset.train.images.subarray(0, count * h * w * c)
    const images = runtimeTensor(runtime, raw, [count, h, w, c])
    const size = preparesTraining(context.config, context.picture) ? ([h, w] as const) : context.input
    network.initialiseFrom?.(normalise(padToInput(images, context.picture, size), context.normalization))
  })
}

function runtimeTensor(runtime: TensorFlowRuntime, images: Uint8Array, shape: number[]): tf.Tensor {
  return tensorFlowBackend().nativeTensor({
    id: runtime.createTensor(shape, DType.uint8, images),
    dtype: DType.uint8,
    shape,
  })
}
