// What a network says of single pictures.
import type * as tf from '@tensorflow/tfjs-core'
import { evaluationPass } from '../nn/evaluation-pass.ts'
import type { Network } from '../nn/parameters.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'

export interface Predictor {
  /** Network input [height, width, channels] -> logits [classes]. */
  logits(input: Float32Array): Promise<Float32Array>
  dispose(): void
}

/** Compiles the forward pass of one picture of `shape` [height, width, channels], with running statistics. */
export function compilePredictor(
  runtime: TensorFlowRuntime,
  network: Network,
  shape: readonly [number, number, number],
): Predictor {
  const spec = { dtype: DType.float, shape: [1, ...shape] }
  const forward = compileFunction('predict', [spec], (x) => [network.forward(x as tf.Tensor, evaluationPass())])
  return {
    async logits(input) {
      const id = runtime.createTensor(spec.shape, DType.float, input)
      try {
        const [output] = await forward.runAsync([id])
        const values = new Float32Array(runtime.readTensor(output?.id ?? -1).bytes)
        runtime.deleteTensor(output?.id ?? -1)
        return values
      } finally {
        runtime.deleteTensor(id)
      }
    },
    dispose: () => forward.dispose(),
  }
}

export interface RankedClass {
  index: number
  logit: number
  /** Softmax over all classes. */
  probability: number
}

/** The `count` classes of the highest logits, highest first; ties in the order of their index. */
export function topClasses(logits: Float32Array, count: number): RankedClass[] {
  const highest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0)
  return Array.from(logits, (logit, index) => ({ index, logit, probability: Math.exp(logit - highest) / sum }))
    .sort((a, b) => b.logit - a.logit || a.index - b.index)
    .slice(0, count)
}
