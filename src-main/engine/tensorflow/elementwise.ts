// Elementwise chains compiled by XLA as functions nested in the traced graph: one pass over memory instead of one per
// operation (GELU 2 to 4 times faster on CPUs). The node attribute _XlaMustCompile asks for it; on the function alone it
// does nothing.
import * as tf from '@tensorflow/tfjs-core'
import { attr } from './attributes.ts'
import { tensorFlowBackend } from './backend.ts'
import { registerNestedFunction } from './compiled-function.ts'
import type { NestedFunction } from './graph-trace.ts'

const nestedFunctions = new Map<string, NestedFunction>()
/**
 * `body` on tensors, fused into one XLA kernel per distinct shapes while tracing; op by op otherwise. `name` must be
 * unique for the body.
 */
export function fusedByXla(name: string, body: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]): tf.Tensor {
  const backend = tensorFlowBackend()
  const { trace } = backend
  if (!trace) return tf.tidy(() => body(...inputs))
  const symbols = inputs.map((input) => backend.symbolOf(trace, input))
  const nested = nestedFunction(name, body, symbols)
  trace.copyFunction(nested.name, nested.native)
  const node = trace.addNode(
    'PartitionedCall',
    [
      attr.types(
        'Tin',
        symbols.map((s) => s.dtype),
      ),
      attr.types('Tout', [symbols[0]?.dtype ?? 1]),
      attr.function('f', nested.name),
      attr.bool('_XlaMustCompile', true),
    ],
    symbols,
    1,
    { listInput: true },
  )
  // The call hides the shapes from inference; an elementwise result has the broadcast shape of its inputs.
  const shape = inputs.map((input) => input.shape).reduce((a, b) => tf.broadcast_util.assertAndGetBroadcastShape(a, b))
  const output = node.outputs[0]
  return backend.symbolicTensor({ ...(output as NonNullable<typeof output>), shape })
}

function nestedFunction(
  name: string,
  body: (...inputs: tf.Tensor[]) => tf.Tensor,
  symbols: { dtype: number; shape: number[] }[],
): NestedFunction {
  const key = `${name}_${symbols.map((s) => `${s.dtype}x${s.shape.join('x')}`).join('_')}`
  const known = nestedFunctions.get(key)
  if (known) return known
  const nested = registerNestedFunction(key, symbols, (...inputs) => [body(...inputs)], '_XlaMustCompile')
  nestedFunctions.set(key, nested)
  return nested
}
