// The tfjs backend: tfjs-node's kernels over our own binding. While a trace is open, operations are recorded into it and
// symbolic tensors come back; otherwise they run at once.
import './node-compatibility.ts'
import * as tf from '@tensorflow/tfjs-core'
import { Int64Scalar } from '@tensorflow/tfjs-node-gpu/dist/int64_tensors.js'
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js'
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js'
import { RepriseError } from '../../shared/errors.ts'
import { type Attr, AttrType } from './attributes.ts'
import type { ConfigOptions } from './config-proto.ts'
import { DType, dtypeBytes, tfjsDtype } from './dtypes.ts'
import { type GraphTrace, int64Bytes, type SymbolicOutput } from './graph-trace.ts'
import { TensorFlowRuntime, type TensorInfo } from './runtime.ts'

/** What stands behind a tfjs tensor: host values not yet uploaded, a native tensor, or a node of a trace. */
interface TensorEntry {
  shape: number[]
  dtype: number
  id: number | null
  values: tf.backend_util.BackendValues | null
  refCount: number
  symbol?: SymbolicOutput
}

// A constant in a graph is stored with it; anything larger belongs into an input or a variable.
const largestConstantBytes = 1 << 20

class TracingBackend extends NodeJSKernelBackend {
  /** Open traces, the innermost last. */
  readonly traces: GraphTrace[] = []

  readonly runtime: TensorFlowRuntime

  constructor(runtime: TensorFlowRuntime) {
    super(bindingOf(runtime), '@tensorflow/tfjs-node-gpu')
    this.runtime = runtime
  }

  get trace(): GraphTrace | undefined {
    return this.traces.at(-1)
  }

  override executeSingleOutput(name: string, attrs: Attr[], inputs: tf.TensorInfo[]): tf.Tensor {
    if (!this.trace) return super.executeSingleOutput(name, attrs, inputs)
    return this.record(this.trace, name, attrs, inputs, 1)[0] as tf.Tensor
  }

  override executeMultipleOutputs(name: string, attrs: Attr[], inputs: tf.TensorInfo[], outputs: number): tf.Tensor[] {
    if (!this.trace) return super.executeMultipleOutputs(name, attrs, inputs, outputs)
    return this.record(this.trace, name, attrs, inputs, outputs)
  }

  override readSync(dataId: tf.DataId): tf.backend_util.BackendValues {
    const entry = this.entry(dataId)
    if (entry.symbol) {
      throw new RepriseError({
        code: 'internal',
        message: `The value of ${entry.symbol.node.type} was read while its function is being traced.`,
        fix: 'Return it from the function and read it after the call.',
      })
    }
    return super.readSync(dataId)
  }

  /** The graph output of a tensor in `trace`; small host and native tensors become constants. */
  symbolOf(trace: GraphTrace, tensor: tf.TensorInfo | Int64Scalar): SymbolicOutput {
    if (tensor instanceof Int64Scalar) return trace.constant([], DType.int64, int64Bytes(tensor.valueArray))
    const entry = this.entry(tensor.dataId)
    if (entry.symbol) {
      if (entry.symbol.trace === trace) return { ...entry.symbol, shape: tensor.shape }
      throw new RepriseError({
        code: 'internal',
        message: `A tensor of one trace (${entry.symbol.node.type}) was used in another.`,
        fix: 'Pass it to the nested function as an argument.',
      })
    }
    const bytes = (dtypeBytes[entry.dtype] ?? 0) * tensor.shape.reduce((a, b) => a * b, 1)
    if (bytes > largestConstantBytes) {
      throw new RepriseError({
        code: 'internal',
        message: `A tensor of ${bytes} bytes was captured by a traced function.`,
        expected: `at most ${largestConstantBytes} bytes as a constant`,
        fix: 'Make it an argument or a variable.',
      })
    }
    const values = this.readSync(tensor.dataId) as ArrayBufferView
    return trace.constant(tensor.shape, entry.dtype, values)
  }

  /** A tfjs tensor that stands for a graph output. */
  symbolicTensor(symbol: SymbolicOutput): tf.Tensor {
    const { shape, dtype } = symbol
    return this.makeTensor({ shape, dtype, id: null, values: null, refCount: 1, symbol })
  }

  /** A tfjs tensor that owns the native tensor `info`. */
  nativeTensor(info: TensorInfo): tf.Tensor {
    return this.makeTensor({ ...info, values: null, refCount: 1 })
  }

  /** The native id of a tensor, uploading host values first. */
  nativeId(tensor: tf.TensorInfo): number {
    const entry = this.entry(tensor.dataId)
    if (entry.values !== null) {
      entry.id = this.runtime.createTensor(entry.shape, entry.dtype, entry.values as ArrayBufferView)
      entry.values = null
    }
    if (entry.id === null)
      throw new RepriseError({ code: 'internal', message: 'A symbolic tensor was used outside its trace.' })
    return entry.id
  }

  private record(
    trace: GraphTrace,
    name: string,
    attrs: readonly Attr[],
    inputs: tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[] {
    const node = trace.addNode(
      name,
      attrs,
      inputs.map((input) => this.symbolOf(trace, input)),
      outputs,
    )
    return node.outputs.map((symbol) => this.symbolicTensor(symbol))
  }

  private makeTensor(entry: TensorEntry): tf.Tensor {
    const dataId = {}
    this.entries.set(dataId, entry)
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape: entry.shape, dtype: tfjsDtype(entry.dtype) })
  }

  private entry(dataId: tf.DataId): TensorEntry {
    return this.entries.get(dataId)
  }

  // tfjs-node keeps its table private; this is the one place that reaches into it.
  private get entries(): tf.DataStorage<TensorEntry> {
    return (this as unknown as { tensorMap: tf.DataStorage<TensorEntry> }).tensorMap
  }
}

function bindingOf(runtime: TensorFlowRuntime): TFJSBinding {
  const binding = {
    TF_Version: runtime.version,
    TF_FLOAT: DType.float,
    TF_INT32: DType.int32,
    TF_INT64: DType.int64,
    TF_BOOL: DType.bool,
    TF_COMPLEX64: DType.complex64,
    TF_STRING: DType.string,
    TF_RESOURCE: DType.resource,
    TF_UINT8: DType.uint8,
    TF_ATTR_STRING: AttrType.string,
    TF_ATTR_INT: AttrType.int,
    TF_ATTR_FLOAT: AttrType.float,
    TF_ATTR_BOOL: AttrType.bool,
    TF_ATTR_TYPE: AttrType.type,
    TF_ATTR_SHAPE: AttrType.shape,
    TF_ATTR_RESOURCE: AttrType.resource,
    isUsingGpuDevice: () => runtime.devices().some((device) => device.type === 'GPU'),
    createTensor: (shape: number[], dtype: number, values: ArrayBufferView) =>
      runtime.createTensor(shape, dtype, values),
    deleteTensor: (id: number) => runtime.deleteTensor(id),
    tensorDataSync: (id: number) => {
      const { bytes, dtype } = runtime.readTensor(id)
      if (dtype === DType.float) return new Float32Array(bytes)
      return dtype === DType.int32 ? new Int32Array(bytes) : new Uint8Array(bytes)
    },
    executeOp: (name: string, attrs: Attr[], inputs: number[], outputs: number) =>
      runtime.executeOp(name, attrs, inputs, outputs),
    getNumOfTensors: () => runtime.handleCount,
  }
  // Saved models are not used, so their members of the stock binding are absent.
  return binding as unknown as TFJSBinding
}

let active: TracingBackend | undefined

/**
 * Starts TensorFlow in this process and makes it tfjs' backend. Later calls return the same backend.
 * Throws `libtensorflow-missing` or `libtensorflow-damaged`.
 */
export async function startTensorFlow(dir: string, config: ConfigOptions = {}): Promise<TensorFlowRuntime> {
  if (active) return active.runtime
  const backend = new TracingBackend(new TensorFlowRuntime(dir, config))
  tf.registerBackend('tensorflow', () => backend, 3)
  await import('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js')
  await tf.setBackend('tensorflow')
  active = backend
  return backend.runtime
}

/** The started backend. Throws when TensorFlow was not started. */
export function tensorFlowBackend(): TracingBackend {
  if (active) return active
  throw new RepriseError({ code: 'internal', message: 'TensorFlow was used before it was started.' })
}

export type { TracingBackend }
