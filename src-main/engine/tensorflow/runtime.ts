// A TensorFlow context, its tensors by integer id, and the execution of operations and functions.
import { RepriseError } from '../../shared/errors.ts'
import { type Attr, AttrType } from './attributes.ts'
import {
  type CancellationManager,
  type Context,
  copyNative,
  type NativeFunction,
  type NativeTensor,
  nativeView,
  type Op,
  openTensorFlow,
  type Status,
  type TensorFlowApi,
  type TensorHandle,
} from './capi.ts'
import { type ConfigOptions, configProto } from './config-proto.ts'
import { dtypeBytes, dtypeName } from './dtypes.ts'
import { cancelledError, tensorFlowError, tensorTooLarge } from './tensorflow-error.ts'

/** A native tensor as the binding reports it. */
export interface TensorInfo {
  id: number
  dtype: number
  shape: number[]
}

export interface DeviceInfo {
  /** TensorFlow's name, such as /job:localhost/replica:0/task:0/device:GPU:0. */
  name: string
  type: string
  memoryBytes: number
}

const encoder = new TextEncoder()

/** The TensorFlow of a thread: library, context, and a table of live tensor handles. */
export class TensorFlowRuntime {
  /** Folder of the library, which other threads open too. */
  readonly dir: string
  readonly api: TensorFlowApi
  readonly context: Context
  private readonly status: Status
  private readonly handles = new Map<number, TensorHandle>()
  private nextId = 1

  /** Throws `libtensorflow-missing` or `libtensorflow-damaged`. */
  constructor(dir: string, config: ConfigOptions = {}) {
    this.dir = dir
    this.api = openTensorFlow(dir)
    this.status = this.api.TF_NewStatus()
    const options = this.api.TFE_NewContextOptions()
    const proto = configProto(config)
    this.api.TFE_ContextOptionsSetConfig(options, proto, proto.length, this.status)
    this.check('the session configuration')
    this.context = this.api.TFE_NewContext(options, this.status)
    this.check('the TensorFlow context')
    this.api.TFE_DeleteContextOptions(options)
  }

  get version(): string {
    return this.api.TF_Version()
  }

  /** Live native tensors; steady over training steps unless something leaks. */
  get handleCount(): number {
    return this.handles.size
  }

  /** Gives everything back; nothing may be called after it. */
  close(): void {
    for (const id of [...this.handles.keys()]) this.deleteTensor(id)
    this.api.TFE_DeleteContext(this.context)
    this.api.TF_DeleteStatus(this.status)
  }

  /** Devices that TensorFlow can use here, the CPU first. */
  devices(): DeviceInfo[] {
    const list = this.api.TFE_ContextListDevices(this.context, this.status)
    this.check('the device list')
    const devices = Array.from({ length: this.api.TF_DeviceListCount(list) }, (_, i) => ({
      name: this.api.TF_DeviceListName(list, i, this.status),
      type: this.api.TF_DeviceListType(list, i, this.status),
      memoryBytes: Number(this.api.TF_DeviceListMemoryBytes(list, i, this.status)),
    }))
    this.api.TF_DeleteDeviceList(list)
    return devices
  }

  /** A native host tensor holding a copy of `values`; the caller deletes it. */
  nativeTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): NativeTensor {
    const elements = shape.reduce((a, b) => a * b, 1)
    const bytes = elements * (dtypeBytes[dtype] ?? 0)
    if (bytes !== values.byteLength) {
      throw new RepriseError({
        code: 'tensorflow-op',
        message: 'A tensor was given values of another size than its shape.',
        expected: `${bytes} bytes for ${dtypeName(dtype)} [${shape.join(', ')}]`,
        found: `${values.byteLength} bytes`,
      })
    }
    const tensor = this.allocateTensor(shape, dtype, bytes)
    if (bytes > 0) {
      const source = new Uint8Array(values.buffer, values.byteOffset, bytes)
      new Uint8Array(nativeView(this.api.TF_TensorData(tensor), bytes)).set(source)
    }
    return tensor
  }

  private allocateTensor(shape: readonly number[], dtype: number, bytes: number): NativeTensor {
    const tensor = this.api.TF_AllocateTensor(dtype, BigInt64Array.from(shape, BigInt), shape.length, bytes)
    if (tensor && (bytes === 0 || this.api.TF_TensorData(tensor))) return tensor
    if (tensor) this.api.TF_DeleteTensor(tensor)
    throw tensorTooLarge(bytes, shape)
  }

  /** Copies `values` into a new tensor and returns its id. */
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): number {
    const tensor = this.nativeTensor(shape, dtype, values)
    const handle = this.api.TFE_NewTensorHandle(tensor, this.status)
    this.api.TF_DeleteTensor(tensor)
    this.check('a new tensor')
    return this.register(handle)
  }

  deleteTensor(id: number): void {
    const handle = this.handles.get(id)
    if (handle === undefined) return
    this.api.TFE_DeleteTensorHandle(handle)
    this.handles.delete(id)
  }

  /** Type and shape of a tensor. */
  tensorInfo(id: number): TensorInfo {
    return { id, ...this.typeAndShape(this.handle(id)) }
  }

  /** A copy of a tensor's bytes; waits for the operation that produces them. */
  readTensor(id: number): { bytes: ArrayBuffer; dtype: number } {
    const handle = this.handle(id)
    const tensor = this.api.TFE_TensorHandleResolve(handle, this.status)
    this.check('reading a tensor')
    try {
      const size = Number(this.api.TF_TensorByteSize(tensor))
      const bytes = size > 0 ? nativeView(this.api.TF_TensorData(tensor), size).slice(0) : new ArrayBuffer(0)
      return { bytes, dtype: this.api.TFE_TensorHandleDataType(handle) }
    } finally {
      this.api.TF_DeleteTensor(tensor)
    }
  }

  /** A tensor in host memory whose bytes may be set anew before each operation; they end with the tensor. */
  createOpenTensor(shape: readonly number[], dtype: number): { id: number; bytes: ArrayBuffer } {
    const length = shape.reduce((a, b) => a * b, 1) * (dtypeBytes[dtype] ?? 0)
    const tensor = this.allocateTensor(shape, dtype, length)
    const bytes = nativeView(this.api.TF_TensorData(tensor), length)
    const handle = this.api.TFE_NewTensorHandle(tensor, this.status)
    this.api.TF_DeleteTensor(tensor)
    this.check('a new tensor')
    return { id: this.register(handle), bytes }
  }

  /** Copies a tensor's bytes to the start of `target`, which must hold them; waits for the operation that produces them. */
  copyTensor(id: number, target: Uint8Array): void {
    const tensor = this.api.TFE_TensorHandleResolve(this.handle(id), this.status)
    this.check('reading a tensor')
    const size = Number(this.api.TF_TensorByteSize(tensor))
    if (size <= target.length) copyNative(target, this.api.TF_TensorData(tensor), size)
    this.api.TF_DeleteTensor(tensor)
    if (size > target.length) throw new RangeError(`a tensor of ${size} bytes does not fit ${target.length}`)
  }

  /** Runs one operation and waits. Throws `tensorflow-op` with TensorFlow's message, the operation and the shapes. */
  executeOp(name: string, attrs: readonly Attr[], inputs: readonly number[], outputs: number): TensorInfo[] {
    const op = this.newOp(name, attrs, inputs)
    const results: (TensorHandle | null)[] = Array(outputs).fill(null)
    const count = [outputs]
    this.api.TFE_Execute(op, results, count, this.status)
    this.api.TFE_DeleteOp(op)
    this.check(name, inputs)
    return this.registerAll(results.slice(0, count[0]))
  }

  /**
   * Runs one operation on a thread of its own, so that the event loop stays free. With `signal`, an abort stops a function
   * at its next cancellation point (see GraphTrace) and the promise rejects with `cancelled`; one that comes too late for
   * that changes nothing, and the results arrive.
   */
  async executeOpAsync(
    name: string,
    attrs: readonly Attr[],
    inputs: readonly number[],
    outputs: number,
    signal?: AbortSignal,
  ): Promise<TensorInfo[]> {
    if (signal?.aborted) throw cancelledError()
    const op = this.newOp(name, attrs, inputs)
    const status = this.api.TF_NewStatus()
    const results: (TensorHandle | null)[] = Array(outputs).fill(null)
    const count = [outputs]
    let cancellation: { end: () => void } | undefined
    try {
      if (signal) cancellation = this.watchSignal(op, signal)
      await new Promise<void>((resolve, reject) => {
        this.api.TFE_Execute.async(op, results, count, status, (error) => (error ? reject(error) : resolve()))
      })
      this.check(name, inputs, status)
      return this.registerAll(results.slice(0, count[0]))
    } finally {
      cancellation?.end()
      this.api.TFE_DeleteOp(op)
      this.api.TF_DeleteStatus(status)
    }
  }

  /** Makes a function callable by its name. */
  addFunction(fn: NativeFunction): void {
    this.api.TFE_ContextAddFunction(this.context, fn, this.status)
    this.check('registering a function')
  }

  removeFunction(name: string): void {
    this.api.TFE_ContextRemoveFunction(this.context, name, this.status)
    this.check('removing a function')
  }

  /** Throws the error that `status` holds, if any. */
  check(what: string, inputs: readonly number[] = [], status: Status = this.status): void {
    const code = this.api.TF_GetCode(status)
    if (code === 0) return
    throw tensorFlowError(
      code,
      this.api.TF_Message(status),
      what,
      inputs.map((id) => this.describe(id)),
    )
  }

  /** The status that graph calls share; read it with `check`. */
  get sharedStatus(): Status {
    return this.status
  }

  private newOp(name: string, attrs: readonly Attr[], inputs: readonly number[]): Op {
    const op = this.api.TFE_NewOp(this.context, name, this.status)
    this.check(name)
    try {
      for (const id of inputs) this.api.TFE_OpAddInput(op, this.handle(id), this.status)
      for (const attribute of attrs) setOpAttr(this.api, op, attribute, this.status)
      this.check(name, inputs)
      return op
    } catch (error) {
      this.api.TFE_DeleteOp(op)
      throw error
    }
  }

  private watchSignal(op: Op, signal: AbortSignal): { end: () => void } {
    const manager: CancellationManager = this.api.TFE_NewCancellationManager()
    this.api.TFE_OpSetCancellationManager(op, manager, this.status)
    try {
      this.check('cancellation')
    } catch (error) {
      this.api.TFE_DeleteCancellationManager(manager)
      throw error
    }
    const cancel = () => this.api.TFE_CancellationManagerStartCancel(manager)
    signal.addEventListener('abort', cancel)
    return {
      end: () => {
        signal.removeEventListener('abort', cancel)
        this.api.TFE_DeleteCancellationManager(manager)
      },
    }
  }

  private handle(id: number): TensorHandle {
    const handle = this.handles.get(id)
    if (handle !== undefined) return handle
    throw new RepriseError({ code: 'internal', message: `Tensor ${id} was used after it was deleted.` })
  }

  private register(handle: TensorHandle): number {
    const id = this.nextId++
    this.handles.set(id, handle)
    return id
  }

  private registerAll(results: (TensorHandle | null)[]): TensorInfo[] {
    return results
      .filter((handle) => handle !== null)
      .map((handle) => ({ id: this.register(handle), ...this.typeAndShape(handle) }))
  }

  private typeAndShape(handle: TensorHandle): { dtype: number; shape: number[] } {
    const rank = this.api.TFE_TensorHandleNumDims(handle, this.status)
    const shape = Array.from({ length: Math.max(rank, 0) }, (_, i) =>
      Number(this.api.TFE_TensorHandleDim(handle, i, this.status)),
    )
    return { dtype: this.api.TFE_TensorHandleDataType(handle), shape }
  }

  private describe(id: number): string {
    const handle = this.handles.get(id)
    if (handle === undefined) return `deleted tensor ${id}`
    const { dtype, shape } = this.typeAndShape(handle)
    return `${dtypeName(dtype)} [${shape.join(', ')}]`
  }
}

function setOpAttr(api: TensorFlowApi, op: Op, { name, type, value }: Attr, status: Status): void {
  if (Array.isArray(value)) {
    if (type === AttrType.shape)
      api.TFE_OpSetAttrShape(op, name, BigInt64Array.from(value, BigInt), value.length, status)
    else if (type === AttrType.float) api.TFE_OpSetAttrFloatList(op, name, Float32Array.from(value), value.length)
    else api.TFE_OpSetAttrIntList(op, name, BigInt64Array.from(value, BigInt), value.length)
    return
  }
  switch (type) {
    case AttrType.type:
      api.TFE_OpSetAttrType(op, name, Number(value))
      break
    case AttrType.int:
      api.TFE_OpSetAttrInt(op, name, Number(value))
      break
    case AttrType.float:
      api.TFE_OpSetAttrFloat(op, name, Number(value))
      break
    case AttrType.bool:
      api.TFE_OpSetAttrBool(op, name, value ? 1 : 0)
      break
    case AttrType.string: {
      const bytes = typeof value === 'string' ? encoder.encode(value) : (value as Uint8Array)
      api.TFE_OpSetAttrString(op, name, bytes, bytes.length)
      break
    }
    default:
      throw new RepriseError({
        code: 'internal',
        message: `Attribute ${name} has a kind that eager operations do not take.`,
      })
  }
}
