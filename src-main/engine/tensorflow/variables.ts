// Resource variables: state that lives in TensorFlow between steps (parameters, optimizer slots, running statistics).
// The same calls work at once and inside a trace. There, a variable is read once, and every update waits for all reads.
import type * as tf from '@tensorflow/tfjs-core'
import { attr } from './attributes.ts'
import { tensorFlowBackend } from './backend.ts'
import type { Operation } from './capi.ts'
import { DType } from './dtypes.ts'
import { firstOutput, type GraphTrace, type SymbolicOutput } from './graph-trace.ts'

/** A float32 variable. */
export interface Variable {
  readonly name: string
  readonly shape: readonly number[]
  readonly size: number
  /** Native id of the resource handle. */
  readonly handleId: number
}

interface TraceState {
  reads: Map<Variable, SymbolicOutput>
  readOperations: Operation[]
}

const traceStates = new WeakMap<GraphTrace, TraceState>()
let created = 0

/** A new variable holding `values` (row major). */
export function createVariable(name: string, shape: readonly number[], values: Float32Array): Variable {
  const { runtime } = tensorFlowBackend()
  const attrs = [
    attr.type('dtype', DType.float),
    attr.shape('shape', shape),
    attr.string('container', ''),
    attr.string('shared_name', `${name}/${created++}`),
  ]
  const handle = runtime.executeOp('VarHandleOp', attrs, [], 1)[0]
  const variable = { name, shape, size: values.length, handleId: handle?.id ?? -1 }
  writeVariable(variable, values)
  return variable
}

/** Frees a variable's memory and handle. */
export function deleteVariable(variable: Variable): void {
  const { runtime } = tensorFlowBackend()
  runtime.executeOp('DestroyResourceOp', [attr.bool('ignore_lookup_error', true)], [variable.handleId], 0)
  runtime.deleteTensor(variable.handleId)
}

/** Replaces the value from the host. */
export function writeVariable(variable: Variable, values: Float32Array): void {
  const { runtime } = tensorFlowBackend()
  const id = runtime.createTensor(variable.shape, DType.float, values)
  runtime.executeOp('AssignVariableOp', [attr.type('dtype', DType.float)], [variable.handleId, id], 0)
  runtime.deleteTensor(id)
}

/** A copy of the value on the host. */
export function readVariableValues(variable: Variable): Float32Array<ArrayBuffer> {
  const { runtime } = tensorFlowBackend()
  const value = runtime.executeOp('ReadVariableOp', [attr.type('dtype', DType.float)], [variable.handleId], 1)[0]
  const values = new Float32Array(runtime.readTensor(value?.id ?? -1).bytes)
  runtime.deleteTensor(value?.id ?? -1)
  return values
}

/** The variable's value as a tensor, for use in operations. */
export function readVariable(variable: Variable): tf.Tensor {
  const backend = tensorFlowBackend()
  const { trace } = backend
  if (!trace) {
    const value = backend.runtime.executeOp(
      'ReadVariableOp',
      [attr.type('dtype', DType.float)],
      [variable.handleId],
      1,
    )[0]
    return backend.nativeTensor(value ?? { id: -1, dtype: DType.float, shape: [] })
  }
  const state = stateOf(trace)
  let symbol = state.reads.get(variable)
  if (!symbol) {
    const node = trace.addNode('ReadVariableOp', [attr.type('dtype', DType.float)], [resource(trace, variable)], 1)
    // A resource argument carries no shape, so inference needs this hint.
    symbol = trace.add(
      'EnsureShape',
      [attr.type('T', DType.float), attr.shape('shape', variable.shape)],
      [firstOutput(node)],
    )
    state.reads.set(variable, symbol)
    state.readOperations.push(node.operation)
  }
  return backend.symbolicTensor(symbol)
}

/**
 * Says that a step now turns to its updates: those that follow wait for `values`, so that a function that is stopped before,
 * or in which the operation of one of `values` fails, has changed no variable, and one that got here changes all of them.
 */
export function beginUpdates(values: readonly tf.Tensor[]): void {
  const backend = tensorFlowBackend()
  const { trace } = backend
  if (trace) trace.beginUpdates(values.map((value) => backend.symbolOf(trace, value).node.operation))
}

/** `variable = value`, after every read of this step. */
export function assignVariable(variable: Variable, value: tf.Tensor): void {
  updateVariable('AssignVariableOp', [attr.type('dtype', DType.float)], [variable], [value])
}

/**
 * Runs an operation that changes variables in place, such as ResourceApplyMomentum: its first inputs are the
 * resources of `variables`, then `operands`. In a trace it waits for every read so far and runs with the function.
 */
export function updateVariable(
  type: string,
  attrs: ReturnType<(typeof attr)['type']>[],
  variables: readonly Variable[],
  operands: readonly tf.Tensor[],
): void {
  const backend = tensorFlowBackend()
  const { trace } = backend
  if (!trace) {
    const inputs = [...variables.map((v) => v.handleId), ...operands.map((t) => backend.nativeId(t))]
    backend.runtime.executeOp(type, attrs, inputs, 0)
    return
  }
  const inputs = [...variables.map((v) => resource(trace, v)), ...operands.map((t) => backend.symbolOf(trace, t))]
  const node = trace.addNode(type, attrs, inputs, 0, { controls: stateOf(trace).readOperations })
  trace.effects.push(node.operation)
}

function resource(trace: GraphTrace, variable: Variable): SymbolicOutput {
  return trace.bind(variable.handleId, DType.resource, [])
}

function stateOf(trace: GraphTrace): TraceState {
  let state = traceStates.get(trace)
  if (!state) {
    state = { reads: new Map(), readOperations: [] }
    traceStates.set(trace, state)
  }
  return state
}
