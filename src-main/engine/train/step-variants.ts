// The compiled step in the forms a run needs: one for each size of batch and input, each set of parameters still trained and each part of
// a step.

import type { CompiledFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import type { Batch } from './batch-source.ts'
import { type BatchPart, compileTrainingStep, type StepContext, wholeStep } from './training-step.ts'

export interface StepVariants {
  run(
    runtime: TensorFlowRuntime,
    batch: Batch,
    lr: number,
    epoch: number,
    part?: BatchPart,
    signal?: AbortSignal,
  ): Promise<{ loss: number; correct: number }>
  dispose(): void
}

export function createStepVariants(context: StepContext): StepVariants {
  const compiled = new Map<string, CompiledFunction>()
  const frozenAt = (epoch: number) =>
    (context.network.freezeAfter ?? []).filter(({ epochs }) => epoch >= epochs).map(({ parameter }) => parameter)
  const variant = (batch: Batch, epoch: number, part: BatchPart) => {
    const frozen = frozenAt(epoch)
    // Every batch but the last does the same.
    const last = part.index === part.of - 1
    const key = `${batch.size} ${batch.input.join(' ')} ${last} ${part.of} ${frozen.map((p) => p.name).join(' ')}`
    let step = compiled.get(key)
    if (!step) {
      const trainable = context.network.parameters.all.filter((p) => p.trainable && !frozen.includes(p))
      step = compileTrainingStep(context, trainable, batch, part)
      compiled.set(key, step)
    }
    return step
  }
  return {
    async run(runtime, batch, lr, epoch, part = wholeStep, signal) {
      const step = variant(batch, epoch, part)
      const rate = runtime.createTensor([], DType.float, new Float32Array([lr]))
      try {
        const outputs = await step.runAsync([...batch.ids, rate], signal)
        const [loss = Number.NaN, correct = Number.NaN] = outputs.map(({ id }) => {
          const value = new Float32Array(runtime.readTensor(id).bytes)[0]
          runtime.deleteTensor(id)
          return value ?? Number.NaN
        })
        return { loss, correct }
      } finally {
        runtime.deleteTensor(rate)
      }
    },
    dispose: () => {
      for (const step of compiled.values()) step.dispose()
    },
  }
}
