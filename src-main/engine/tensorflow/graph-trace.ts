// A trace records operations into a TF_Graph instead of running them. The recorded nodes also serve export and cost
// counting, so each keeps its type, attributes, inputs and inferred output shapes.
import { RepriseError } from '../../shared/errors.ts'
import { type Attr, AttrType, attr } from './attributes.ts'
import type { Graph, GraphOutput, NativeFunction, NativeTensor, Operation, OperationDescription } from './capi.ts'
import type { MixedPrecision } from './config-proto.ts'
import { DType, dtypeName } from './dtypes.ts'
import type { TensorFlowRuntime } from './runtime.ts'
import { tensorFlowError } from './tensorflow-error.ts'

/** An output of a node in a trace, with what shape inference knows of it. */
export interface SymbolicOutput {
  trace: GraphTrace
  output: GraphOutput
  node: TracedNode
  dtype: number
  /** Unknown dimensions are -1. */
  shape: number[]
}

export interface TracedNode {
  name: string
  type: string
  attrs: readonly Attr[]
  inputs: readonly SymbolicOutput[]
  operation: Operation
  outputs: SymbolicOutput[]
}

/** Where a graph input comes from: an argument of the call, or a tensor that is bound once and for all. */
export type GraphInput = { symbol: SymbolicOutput; boundId: number | null }

/** A function that nodes of a graph can call. */
export interface NestedFunction {
  name: string
  native: NativeFunction
}

const encoder = new TextEncoder()
// A point costs some tens of microseconds; most nodes of a step take longer.
const nodesPerCancellationPoint = 64

export class GraphTrace {
  readonly graph: Graph
  readonly nodes: TracedNode[] = []
  readonly inputs: GraphInput[] = []
  /** Operations that must run although no output needs them: variable updates. */
  readonly effects: Operation[] = []
  private readonly bound = new Map<number, SymbolicOutput>()
  private readonly cancellationPoint: NestedFunction | null
  /** The last cancellation point, or what stands for it at the updates. Updates wait for it; other nodes do not, since control inputs keep them from being fused. */
  private barrier: Operation | null = null
  /** Recorded so far: the constant of one may bring on another, so the count of nodes would name two alike. */
  private cancellationPoints = 0
  private updating = false
  /** What every node that is recorded now waits for, see `recordAfter`. */
  private predecessor: Operation | null = null
  private readonly subfunctions = new Set<string>()

  readonly runtime: TensorFlowRuntime
  /** In which precision the function will run; operations choose their fastest form by it. */
  readonly mixedPrecision: MixedPrecision

  /** With `cancellationPoint` (an uninlined function of one float), the function can be stopped while it runs. */
  constructor(
    runtime: TensorFlowRuntime,
    mixedPrecision: MixedPrecision = 'none',
    cancellationPoint: NestedFunction | null = null,
  ) {
    this.runtime = runtime
    this.mixedPrecision = mixedPrecision
    this.cancellationPoint = cancellationPoint
    this.graph = runtime.api.TF_NewGraph()
  }

  /** Adds an operation with `outputCount` outputs. Throws `tensorflow-op` with the operation and the input shapes. */
  addNode(
    type: string,
    attrs: readonly Attr[],
    inputs: readonly SymbolicOutput[],
    outputCount: number,
    options: { controls?: readonly Operation[]; listInput?: boolean } = {},
  ): TracedNode {
    const { api } = this.runtime
    const name = `${type}_${this.nodes.length}`
    const description = api.TF_NewOperation(this.graph, type, name)
    const listed = options.listInput ? inputs.length : listLength(attrs)
    if (listed > 0)
      api.TF_AddInputList(
        description,
        inputs.slice(0, listed).map((i) => i.output),
        listed,
      )
    for (const input of inputs.slice(listed)) api.TF_AddInput(description, input.output)
    for (const control of options.controls ?? []) api.TF_AddControlInput(description, control)
    const waitsFor = [this.predecessor, this.updating ? this.barrier : null]
    for (const control of inputs.length > 0 ? waitsFor : []) {
      if (control) api.TF_AddControlInput(description, control)
    }
    for (const attribute of attrs) this.setAttr(description, attribute)
    const operation = api.TF_FinishOperation(description, this.runtime.sharedStatus)
    const code = api.TF_GetCode(this.runtime.sharedStatus)
    if (code !== 0) {
      const shapes = inputs.map((i) => `${dtypeName(i.dtype)} [${i.shape.join(', ')}]`)
      throw tensorFlowError(code, api.TF_Message(this.runtime.sharedStatus), type, shapes)
    }
    const node: TracedNode = { name, type, attrs, inputs, operation, outputs: [] }
    for (let index = 0; index < outputCount; index++) node.outputs.push(this.symbol(node, index))
    this.nodes.push(node)
    if (this.nodes.length % nodesPerCancellationPoint === 0) this.addCancellationPoint([operation])
    return node
  }

  /**
   * What `body` records runs only after `operation`. Grappler merges equal nodes, and would merge a forward pass that is
   * computed again into the first one if both could run at the same time.
   */
  recordAfter<T>(operation: Operation, body: () => T): T {
    const before = this.predecessor
    this.predecessor = operation
    try {
      return body()
    } finally {
      this.predecessor = before
    }
  }

  /**
   * From here on variables are updated: updates wait for `operations` and for the last point at which the function can be
   * stopped, so that a function that is stopped, or of which one of `operations` fails, has changed none of them.
   */
  beginUpdates(operations: readonly Operation[]): void {
    if (this.cancellationPoint) this.addCancellationPoint(operations)
    else this.barrier = this.addBarrier(operations)
    this.updating = true
  }

  private addBarrier(after: readonly Operation[]): Operation {
    const { api, sharedStatus } = this.runtime
    const description = api.TF_NewOperation(this.graph, 'NoOp', `barrier_${this.nodes.length}`)
    for (const operation of after) api.TF_AddControlInput(description, operation)
    const barrier = api.TF_FinishOperation(description, sharedStatus)
    this.runtime.check('a barrier')
    return barrier
  }

  /** The only output of a new node. */
  add(type: string, attrs: readonly Attr[], inputs: readonly SymbolicOutput[]): SymbolicOutput {
    return firstOutput(this.addNode(type, attrs, inputs, 1))
  }

  constant(shape: readonly number[], dtype: number, values: ArrayBufferView): SymbolicOutput {
    const tensor = this.runtime.nativeTensor(shape, dtype, values)
    try {
      const value = { name: 'value', type: AttrType.tensor, value: tensor }
      return firstOutput(this.addNode('Const', [value, attr.type('dtype', dtype)], [], 1))
    } finally {
      this.runtime.api.TF_DeleteTensor(tensor)
    }
  }

  /** An argument of the function, in the order of the calls. */
  argument(dtype: number, shape: readonly number[]): SymbolicOutput {
    const symbol = this.placeholder(dtype, shape)
    this.inputs.push({ symbol, boundId: null })
    return symbol
  }

  /** A graph input that always receives the tensor `id`, such as a variable's resource handle. */
  bind(id: number, dtype: number, shape: readonly number[]): SymbolicOutput {
    const known = this.bound.get(id)
    if (known) return known
    const symbol = this.placeholder(dtype, shape)
    this.bound.set(id, symbol)
    this.inputs.push({ symbol, boundId: id })
    return symbol
  }

  /** Makes a function callable from nodes of this graph. */
  copyFunction(name: string, fn: NativeFunction): void {
    if (this.subfunctions.has(name)) return
    this.runtime.api.TF_GraphCopyFunction(this.graph, fn, null, this.runtime.sharedStatus)
    this.runtime.check(`the nested function ${name}`)
    this.subfunctions.add(name)
  }

  // TensorFlow's executor looks for cancellation only where it enters a function, never between its own kernels.
  private addCancellationPoint(after: readonly Operation[]): void {
    if (!this.cancellationPoint || this.updating) return
    const { api, sharedStatus } = this.runtime
    this.copyFunction(this.cancellationPoint.name, this.cancellationPoint.native)
    const { output } = this.constant([], DType.float, new Float32Array(1))
    const description = api.TF_NewOperation(
      this.graph,
      'StatefulPartitionedCall',
      `cancellation_point_${this.cancellationPoints++}`,
    )
    api.TF_AddInputList(description, [output], 1)
    for (const operation of after) api.TF_AddControlInput(description, operation)
    if (this.barrier) api.TF_AddControlInput(description, this.barrier)
    for (const attribute of [
      attr.types('Tin', [DType.float]),
      attr.types('Tout', [DType.float]),
      attr.function('f', this.cancellationPoint.name),
    ]) {
      this.setAttr(description, attribute)
    }
    this.barrier = api.TF_FinishOperation(description, sharedStatus)
    this.runtime.check('a cancellation point')
  }

  /** Closes the trace into a function. */
  toFunction(name: string, outputs: readonly SymbolicOutput[]): NativeFunction {
    const { api, sharedStatus } = this.runtime
    if (this.barrier) this.effects.push(this.barrier)
    const fn = api.TF_GraphToFunctionWithControlOutputs(
      this.graph,
      name,
      0,
      -1,
      null,
      this.inputs.length,
      this.inputs.map((i) => i.symbol.output),
      outputs.length,
      outputs.map((o) => o.output),
      null,
      this.effects.length,
      this.effects.length > 0 ? this.effects : null,
      null,
      null,
      null,
      sharedStatus,
    )
    this.runtime.check(`the function ${name}`)
    return fn
  }

  /** Frees the graph; a function made of it stays. Once, when nothing more is recorded. */
  dispose(): void {
    this.runtime.api.TF_DeleteGraph(this.graph)
  }

  private placeholder(dtype: number, shape: readonly number[]): SymbolicOutput {
    return this.add('Placeholder', [attr.type('dtype', dtype), attr.shape('shape', shape)], [])
  }

  private symbol(node: TracedNode, index: number): SymbolicOutput {
    const { api, sharedStatus } = this.runtime
    const output = { oper: node.operation, index }
    const rank = api.TF_GraphGetTensorNumDims(this.graph, output, sharedStatus)
    this.runtime.check('shape inference')
    const shape: number[] = Array(Math.max(rank, 0)).fill(0)
    if (rank > 0) {
      api.TF_GraphGetTensorShape(this.graph, output, shape, rank, sharedStatus)
      this.runtime.check('shape inference')
    }
    return { trace: this, output, node, dtype: api.TF_OperationOutputType(output), shape: shape.map(Number) }
  }

  private setAttr(d: OperationDescription, { name, type, value }: Attr): void {
    const { api } = this.runtime
    if (Array.isArray(value)) {
      if (type === AttrType.shape) api.TF_SetAttrShape(d, name, BigInt64Array.from(value, BigInt), value.length)
      else if (type === AttrType.type) api.TF_SetAttrTypeList(d, name, Int32Array.from(value), value.length)
      else if (type === AttrType.float) api.TF_SetAttrFloatList(d, name, Float32Array.from(value), value.length)
      else api.TF_SetAttrIntList(d, name, BigInt64Array.from(value, BigInt), value.length)
      return
    }
    switch (type) {
      case AttrType.type:
        api.TF_SetAttrType(d, name, Number(value))
        break
      case AttrType.int:
        api.TF_SetAttrInt(d, name, Number(value))
        break
      case AttrType.float:
        api.TF_SetAttrFloat(d, name, Number(value))
        break
      case AttrType.bool:
        api.TF_SetAttrBool(d, name, value ? 1 : 0)
        break
      case AttrType.string: {
        const bytes = typeof value === 'string' ? encoder.encode(value) : (value as Uint8Array)
        api.TF_SetAttrString(d, name, bytes, bytes.length)
        break
      }
      case AttrType.function:
        api.TF_SetAttrFuncName(d, name, String(value), String(value).length)
        break
      case AttrType.tensor:
        api.TF_SetAttrTensor(d, name, value as NativeTensor, this.runtime.sharedStatus)
        this.runtime.check(`the constant ${name}`)
        break
      default:
        throw new RepriseError({ code: 'internal', message: `Attribute ${name} has an unknown kind ${type}.` })
    }
  }
}

export function firstOutput(node: TracedNode): SymbolicOutput {
  const output = node.outputs[0]
  if (output) return output
  throw new RepriseError({ code: 'internal', message: `${node.type} has no output.` })
}

// By TensorFlow's convention an operation on a list (ConcatV2, Pack, AddN) counts it in the attribute N and takes it first.
function listLength(attrs: readonly Attr[]): number {
  const count = attrs.find(({ name, type }) => name === 'N' && type === AttrType.int)
  return Number(count?.value ?? 0)
}

/** An int64 scalar constant's bytes, for tfjs-node's Int64Scalar. */
export function int64Bytes(words: Int32Array): BigInt64Array {
  return new BigInt64Array(words.buffer.slice(words.byteOffset, words.byteOffset + 8))
}
