// Gradient checkpointing: Chen, Xu, Zhang, Guestrin, "Training Deep Nets with Sublinear Memory Cost" (2016), arXiv 1604.06174.
import * as tf from '@tensorflow/tfjs-core'
import { tensorFlowBackend } from './backend.ts'

export type Block = (...inputs: tf.Tensor[]) => tf.Tensor

/**
 * `block(...inputs)`, with intermediate results computed again for the gradient instead of kept (torch.utils.checkpoint).
 * Gradients are those of the plain block for all `inputs`; what the block captures gets none, so parameters must be among
 * the inputs. The block runs twice: it must give the same result each time, and side effects happen twice.
 */
export function recomputed(block: Block, inputs: readonly tf.Tensor[]): tf.Tensor {
  const forward = tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc
    const xs = args.slice(0, -1) as tf.Tensor[]
    save(xs)
    return {
      value: block(...xs),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => afterwards(dy, () => nestedGradients(block, saved, dy)),
    }
  }) as Block
  return forward(...inputs)
}

function afterwards<T>(dy: tf.Tensor, body: () => T): T {
  const backend = tensorFlowBackend()
  const { trace } = backend
  return trace ? trace.recordAfter(backend.symbolOf(trace, dy).node.operation, body) : body()
}

// tfjs keeps one tape and drops it after each gradient, also after one that is taken inside another's backward pass.
function nestedGradients(block: Block, inputs: tf.Tensor[], dy: tf.Tensor): tf.Tensor[] {
  const { state } = tf.engine()
  const { activeTape } = state
  try {
    return tf.grads(block)(inputs, dy)
  } finally {
    state.activeTape = activeTape
  }
}
