// The compiled step in the forms a run needs: one for each size of batch and input, each set of parameters still trained and each part of
// a step.

import type { Parameter } from '../nn/parameters.ts'
import type { CompiledFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime, TensorInfo } from '../tensorflow/runtime.ts'
import type { Batch } from './batch-source.ts'
import { notFiniteFailure } from './finite-check.ts'
import { type BatchPart, compileTrainingStep, type StepContext, wholeStep } from './training-step.ts'

export interface StepResult {
  /** Mean over the batch. */
  loss: number
  /** Right answers. */
  correct: number
}

export interface StepVariants {
  /**
   * Runs one batch of a step. Rejects with `not-finite`, details { what: 'loss' | 'gradient' | 'statistics' }, where its numbers
   * are not finite, and with `cancelled`: then it has changed no variable. Nor has it with `out-of-memory`, unless memory ran out
   * among the updates themselves.
   */
  run(
    runtime: TensorFlowRuntime,
    batch: Batch,
    lr: number,
    epoch: number,
    part?: BatchPart,
    signal?: AbortSignal,
  ): Promise<StepResult>
  /** The compiled step that `run` takes, traced where it was not yet. */
  compiled(batch: Pick<Batch, 'size' | 'input'>, epoch: number, part?: BatchPart): CompiledFunction
  /** The parameters that are trained in an epoch. */
  trainableAt(epoch: number): Parameter[]
  dispose(): void
}

export function createStepVariants(context: StepContext): StepVariants {
  const compiled = new Map<string, CompiledFunction>()
  const frozenAt = (epoch: number) =>
    (context.network.freezeAfter ?? []).filter(({ epochs }) => epoch >= epochs).map(({ parameter }) => parameter)
  const trainableAt = (epoch: number) => {
    const frozen = frozenAt(epoch)
    return context.network.parameters.all.filter((p) => p.trainable && !frozen.includes(p))
  }
  const variant = (batch: Pick<Batch, 'size' | 'input'>, epoch: number, part: BatchPart) => {
    const frozen = frozenAt(epoch)
    // Every batch but the last does the same.
    const last = part.index === part.of - 1
    const key = `${batch.size} ${batch.input.join(' ')} ${last} ${part.of} ${frozen.map((p) => p.name).join(' ')}`
    let step = compiled.get(key)
    if (!step) {
      step = compileTrainingStep(context, trainableAt(epoch), batch, part)
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
        const [loss = Number.NaN, correct = Number.NaN] = readScalars(runtime, outputs)
        return { loss, correct }
      } catch (error) {
        throw notFiniteFailure(error) ?? error
      } finally {
        runtime.deleteTensor(rate)
      }
    },
    compiled: (batch, epoch, part = wholeStep) => variant(batch, epoch, part),
    trainableAt,
    dispose: () => {
      for (const step of compiled.values()) step.dispose()
    },
  }
}

/** Values of scalars, which it deletes. */
function readScalars(runtime: TensorFlowRuntime, outputs: readonly TensorInfo[]): number[] {
  try {
    return outputs.map(({ id }) => new Float32Array(runtime.readTensor(id).bytes)[0] ?? Number.NaN)
  } finally {
    for (const { id } of outputs) runtime.deleteTensor(id)
  }
}
