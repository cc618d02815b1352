// Running statistics estimated anew after training, as torch.optim.swa_utils.update_bn does: the cumulative average over batches
// that pass in training mode. He et al. (2015) judge by the same: "average, not moving average".
import type * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../nn/parameters.ts'
import { type CompiledFunction, compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { assignVariable, beginUpdates, type Variable } from '../tensorflow/variables.ts'
import type { Batch, BatchSource } from './batch-source.ts'
import { type BatchTensors, stepInput } from './step-input.ts'
import { mixedPrecisionOf, type StepContext, trainingPass, trainingStepInputs } from './training-step.ts'

export interface ReestimateOptions {
  /** The step whose batches come first. */
  step: number
  batches: number
  /** The variables to read and to change in place of the network's own. */
  variableOf?: ((parameter: Parameter) => Variable) | undefined
  /** An abort rejects with `cancelled`. */
  signal?: AbortSignal
}

/**
 * Replaces the running statistics by their average over `batches` training batches of `source`, from `step` on. Does nothing to
 * a network that has none or keeps them frozen.
 */
export async function reestimateStatistics(
  runtime: TensorFlowRuntime,
  context: StepContext,
  source: BatchSource,
  { step, batches, variableOf = ({ variable }) => variable, signal }: ReestimateOptions,
): Promise<void> {
  const moves = context.network.parameters.all.some(({ role }) => role === 'buffer')
  if (!moves || context.config.norm.freeze !== 'none') return
  const compiled = new Map<string, CompiledFunction>()
  let [at, part] = [step, 0]
  try {
    for (let seen = 0; seen < batches; seen++) {
      const batch = await source.batch(at, part)
      const weight = runtime.createTensor([], DType.float, Float32Array.of(1 / (seen + 1)))
      try {
        const key = `${batch.size} ${batch.input.join(' ')}`
        const pass = compiled.get(key) ?? compilePass(context, batch, variableOf)
        compiled.set(key, pass)
        await pass.runAsync([...batch.ids, weight], signal)
      } finally {
        runtime.deleteTensor(weight)
        source.release(batch)
      }
      part += 1
      if (part === source.parts(at)) [at, part] = [at + 1, 0]
    }
  } finally {
    for (const pass of compiled.values()) pass.dispose()
  }
}

type PassTensors = [...batch: BatchTensors, layerKey: tf.Tensor, weight: tf.Tensor]

/** A forward pass on a training batch that moves running statistics by its last input, the weight of the new value. */
function compilePass(
  context: StepContext,
  batch: Batch,
  variableOf: (parameter: Parameter) => Variable,
): CompiledFunction {
  return compileFunction(
    'reestimate_statistics',
    trainingStepInputs(context, batch),
    (...inputs) => {
      const [images, labels, drawsOrTargets, layerKey, weight] = inputs as PassTensors
      const pass = { ...trainingPass(layerKey, variableOf), statisticsWeight: weight }
      context.network.forward(stepInput(context, [images, labels, drawsOrTargets]).x, pass)
      beginUpdates(pass.statistics.map(({ value }) => value))
      for (const { buffer, value } of pass.statistics) {
        assignVariable(variableOf(buffer), value)
        value.dispose()
      }
      return []
    },
    { mixedPrecision: mixedPrecisionOf(context.config) },
  )
}
