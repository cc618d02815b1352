// Exponential moving average of weights and running statistics (Polyak and Juditsky 1992), judged in place of them.
import * as tf from '@tensorflow/tfjs-core'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Parameter } from '../nn/parameters.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import {
  assignVariable,
  createVariable,
  deleteVariable,
  readVariable,
  readVariableValues,
  type Variable,
} from '../tensorflow/variables.ts'

export interface WeightAverage {
  /** After step `step` (1-based): updates when it is due. */
  afterStep(step: number): void
  /** The average that stands for a parameter or buffer. */
  averageOf(parameter: Parameter): Variable
  dispose(): void
}

export interface RunLength {
  stepsPerEpoch: number
  totalSteps: number
}

/** The share of the average that the update after step `step` (1-based) keeps, or null where none is due. */
export function averageDecay(
  { train, schedule }: Pick<RunConfig, 'train' | 'schedule'>,
  step: number,
  { stepsPerEpoch, totalSteps }: RunLength,
): number | null {
  // timm's ModelEmaV3: the first update copies.
  if (train.ema === 'timm') {
    const age = step - 1
    if (age === 0) return 0
    return train.emaWarmup ? Math.min(train.emaDecay, 1 - (1 + age) ** (-2 / 3)) : train.emaDecay
  }
  // torchvision's references/classification/train.py: every n steps of each epoch from its first step on, a copy until the
  // first update after the warm-up, and (1 - decay) scaled by pictures per update over epochs.
  const inEpoch = (step - 1) % stepsPerEpoch
  if (inEpoch % train.emaEvery !== 0) return null
  const epoch = Math.floor((step - 1) / stepsPerEpoch)
  const warmupEpochs = train.lengthUnit === 'epochs' ? schedule.warmup : schedule.warmup / stepsPerEpoch
  const previous = inEpoch === 0 ? epoch - 1 : epoch
  if (previous < warmupEpochs) return 0
  const pictures = train.batchSize * train.accumulate * train.emaEvery
  return 1 - Math.min(1, (1 - train.emaDecay) * (pictures / (totalSteps / stepsPerEpoch)))
}

/** An average of `parameters`, buffers among them, or null where `train.ema` is none. */
export function createWeightAverage(
  runtime: TensorFlowRuntime,
  parameters: readonly Parameter[],
  config: RunConfig,
  length: RunLength,
): WeightAverage | null {
  if (config.train.ema === 'none') return null
  const averages = new Map(
    parameters.map((parameter) => {
      const { name, variable } = parameter
      return [parameter, createVariable(`${name}/average`, variable.shape, readVariableValues(variable))]
    }),
  )
  const update = compileFunction('weight_average', [{ dtype: DType.float, shape: [] }], (decay) => {
    for (const [{ variable }, average] of averages) {
      const [value, old] = [readVariable(variable), readVariable(average)]
      assignVariable(average, tf.add(value, tf.mul(tf.sub(old, value), decay as tf.Tensor)))
    }
    return []
  })
  return {
    afterStep(step) {
      const decay = averageDecay(config, step, length)
      if (decay === null) return
      const id = runtime.createTensor([], DType.float, new Float32Array([decay]))
      update.run([id])
      runtime.deleteTensor(id)
    },
    averageOf: (parameter) => averages.get(parameter) ?? parameter.variable,
    dispose: () => {
      update.dispose()
      for (const average of averages.values()) deleteVariable(average)
    },
  }
}
