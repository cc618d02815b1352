// Lookahead (Zhang et al. 2019) as airbench uses it: every few steps the slow weights move towards the fast ones, and the
// fast ones restart from there. Running statistics take part, as they are in PyTorch's state dict.
import * as tf from '@tensorflow/tfjs-core'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Parameter } from '../nn/parameters.ts'
import { type CompiledFunction, compileFunction } from '../tensorflow/compiled-function.ts'
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

export interface Lookahead {
  /** After step `step` (1-based) of `totalSteps`: updates when it is due. */
  afterStep(step: number, totalSteps: number): void
  /** The slow weights become the network's. */
  finish(): void
  /** The slow weights of a variable of the network. */
  slowOf(fast: Variable): Variable | undefined
  dispose(): void
}

/** Share of the slow weights that is kept at a step: decay^every times the cube of the progress (Jordan 2024). */
export function lookaheadDecay(config: RunConfig['optimizer'], step: number, totalSteps: number): number {
  return config.lookaheadDecay ** config.lookaheadEvery * (step / totalSteps) ** 3
}

export function createLookahead(
  runtime: TensorFlowRuntime,
  parameters: readonly Parameter[],
  config: RunConfig['optimizer'],
): Lookahead | null {
  if (config.lookaheadEvery === 0) return null
  const pairs = parameters.map(({ name, variable }) => ({
    fast: variable,
    slow: createVariable(`${name}/slow`, variable.shape, readVariableValues(variable)),
  }))
  const slowOf = new Map(pairs.map(({ fast, slow }) => [fast, slow]))
  const update: CompiledFunction = compileFunction('lookahead', [{ dtype: DType.float, shape: [] }], (decay) => {
    for (const { fast, slow } of pairs) {
      const [f, s] = [readVariable(fast), readVariable(slow)]
      const moved = tf.add(f, tf.mul(tf.sub(s, f), decay as tf.Tensor))
      assignVariable(slow, moved)
      assignVariable(fast, moved)
    }
    return []
  })
  const run = (decay: number) => {
    const id = runtime.createTensor([], DType.float, new Float32Array([decay]))
    update.run([id])
    runtime.deleteTensor(id)
  }
  return {
    afterStep: (step, totalSteps) => {
      if (step % config.lookaheadEvery === 0) run(lookaheadDecay(config, step, totalSteps))
    },
    finish: () => run(1),
    slowOf: (variable) => slowOf.get(variable),
    dispose: () => {
      update.dispose()
      for (const { slow } of pairs) deleteVariable(slow)
    },
  }
}
