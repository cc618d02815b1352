// tf.function for TypeScript: a body is traced once into a TensorFlow function, then every call is one execution.
import * as tf from '@tensorflow/tfjs-core'
import { attr } from './attributes.ts'
import { tensorFlowBackend } from './backend.ts'
import { configProto, type MixedPrecision } from './config-proto.ts'
import { DType } from './dtypes.ts'
import { GraphTrace, type NestedFunction, type TracedNode } from './graph-trace.ts'
import type { TensorInfo } from './runtime.ts'

export interface TensorSpec {
  dtype: number
  shape: readonly number[]
}

export interface CompiledFunction {
  readonly name: string
  /** Every recorded operation, in order: what export and cost counting walk. */
  readonly nodes: readonly TracedNode[]
  /** Calls the function with native tensor ids and waits. The caller deletes the results. */
  run(inputs: readonly number[]): TensorInfo[]
  /** The same on a thread of its own; an abort rejects with `cancelled`. */
  runAsync(inputs: readonly number[], signal?: AbortSignal): Promise<TensorInfo[]>
  dispose(): void
}

export interface CompileOptions {
  mixedPrecision?: MixedPrecision
  /** False leaves out the points at which a running function can be stopped. */
  cancellable?: boolean
}

let compiled = 0

/**
 * Traces `body` with symbolic arguments of the given specs and registers the result as a TensorFlow function.
 * Variables that the body reads or updates are bound; small captured tensors become constants.
 * Throws what tracing throws, with the operation and shapes.
 */
export function compileFunction(
  label: string,
  specs: readonly TensorSpec[],
  body: (...inputs: tf.Tensor[]) => readonly tf.Tensor[],
  options: CompileOptions = {},
): CompiledFunction {
  const backend = tensorFlowBackend()
  const { runtime } = backend
  const mixedPrecision = options.mixedPrecision ?? 'none'
  const trace = new GraphTrace(runtime, mixedPrecision, options.cancellable === false ? null : cancellationPoint())
  const name = `${label}_${compiled++}`
  const { native, outputs } = traceFunction(trace, name, specs, body)
  try {
    runtime.addFunction(native)
  } finally {
    runtime.api.TF_DeleteFunction(native)
  }

  const config = configProto({ mixedPrecision })
  const attrs = config.length > 0 ? [attr.string('config_proto', config)] : []
  const argumentsInOrder = (inputs: readonly number[]) => {
    let next = 0
    return trace.inputs.map((input) => input.boundId ?? inputs[next++] ?? -1)
  }
  return {
    name,
    nodes: trace.nodes,
    run: (inputs) => runtime.executeOp(name, attrs, argumentsInOrder(inputs), outputs.length),
    runAsync: (inputs, signal) => runtime.executeOpAsync(name, attrs, argumentsInOrder(inputs), outputs.length, signal),
    dispose: () => runtime.removeFunction(name),
  }
}

let cancellation: NestedFunction | undefined

// Without _noinline grappler would put the body in the call's place, and nothing would be left to stop at.
function cancellationPoint(): NestedFunction {
  cancellation ??= registerNestedFunction(
    'cancellation_point',
    [{ dtype: DType.float, shape: [] }],
    (x) => [tf.add(x as tf.Tensor, 1)],
    '_noinline',
  )
  return cancellation
}

// AttrValue { b: true }
const attrValueTrue = Uint8Array.from([0x28, 1])

/** Traces `body` into a function for nodes of other traces to call, with a boolean attribute that TensorFlow acts on. */
export function registerNestedFunction(
  name: string,
  specs: readonly TensorSpec[],
  body: (...inputs: tf.Tensor[]) => readonly tf.Tensor[],
  attribute: '_XlaMustCompile' | '_noinline',
): NestedFunction {
  const { runtime } = tensorFlowBackend()
  const trace = new GraphTrace(runtime)
  const { native } = traceFunction(trace, name, specs, body)
  runtime.api.TF_FunctionSetAttrValueProto(native, attribute, attrValueTrue, attrValueTrue.length, runtime.sharedStatus)
  runtime.check(`the nested function ${name}`)
  runtime.addFunction(native)
  return { name, native }
}

/** The function that `body` makes, and the symbols of its results. The graph is freed, also where the body throws. */
function traceFunction(
  trace: GraphTrace,
  name: string,
  specs: readonly TensorSpec[],
  body: (...inputs: tf.Tensor[]) => readonly tf.Tensor[],
) {
  try {
    const outputs = traceBody(trace, specs, body)
    return { native: trace.toFunction(name, outputs), outputs }
  } finally {
    trace.dispose()
  }
}

/** Runs `body` inside `trace` and returns the symbols of its results; intermediate tensors are disposed. */
export function traceBody(
  trace: GraphTrace,
  specs: readonly TensorSpec[],
  body: (...inputs: tf.Tensor[]) => readonly tf.Tensor[],
) {
  const backend = tensorFlowBackend()
  backend.traces.push(trace)
  tf.engine().startScope('trace')
  try {
    const inputs = specs.map((spec) => backend.symbolicTensor(trace.argument(spec.dtype, spec.shape)))
    return body(...inputs).map((tensor) => backend.symbolOf(trace, tensor))
  } finally {
    tf.engine().endScope()
    backend.traces.pop()
  }
}
