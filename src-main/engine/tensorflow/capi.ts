// The TensorFlow C API through koffi. The only file that knows koffi; everything above works with the opaque pointer types
// below. Declarations follow tensorflow/c/c_api.h, tensorflow/c/eager/c_api.h and c_api_experimental.h of TensorFlow 2.21.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import koffi from 'koffi'
import { RepriseError } from '../../shared/errors.ts'

declare const pointerKind: unique symbol
/** An address owned by TensorFlow; the name keeps the kinds apart at compile time. */
export type Pointer<Kind extends string> = { readonly [pointerKind]: Kind }

export type Status = Pointer<'TF_Status'>
export type NativeTensor = Pointer<'TF_Tensor'>
export type Context = Pointer<'TFE_Context'>
export type ContextOptions = Pointer<'TFE_ContextOptions'>
export type Op = Pointer<'TFE_Op'>
export type TensorHandle = Pointer<'TFE_TensorHandle'>
export type Graph = Pointer<'TF_Graph'>
export type Operation = Pointer<'TF_Operation'>
export type OperationDescription = Pointer<'TF_OperationDescription'>
export type NativeFunction = Pointer<'TF_Function'>
export type DeviceList = Pointer<'TF_DeviceList'>
export type CancellationManager = Pointer<'TFE_CancellationManager'>
export type DataPointer = Pointer<'data'>

/** One output of a graph operation, passed by value. */
export interface GraphOutput {
  oper: Operation
  index: number
}

type Null = null
type NodeStyle<A extends unknown[]> = { async: (...args: [...A, (error: Error | null) => void]) => void }

/** The functions in use, with the types that the strings below declare to koffi. */
export interface TensorFlowApi {
  TF_Version(): string
  TF_NewStatus(): Status
  TF_DeleteStatus(status: Status): void
  TF_GetCode(status: Status): number
  TF_Message(status: Status): string
  TF_AllocateTensor(dtype: number, dims: BigInt64Array, rank: number, bytes: number): NativeTensor
  TF_TensorData(tensor: NativeTensor): DataPointer
  TF_TensorByteSize(tensor: NativeTensor): number
  TF_DeleteTensor(tensor: NativeTensor): void
  TFE_NewContextOptions(): ContextOptions
  TFE_DeleteContextOptions(options: ContextOptions): void
  TFE_ContextOptionsSetConfig(options: ContextOptions, proto: Uint8Array, bytes: number, status: Status): void
  TFE_NewContext(options: ContextOptions, status: Status): Context
  TFE_DeleteContext(context: Context): void
  TFE_ContextListDevices(context: Context, status: Status): DeviceList
  TFE_ContextAddFunction(context: Context, fn: NativeFunction, status: Status): void
  TFE_ContextRemoveFunction(context: Context, name: string, status: Status): void
  TF_DeleteDeviceList(list: DeviceList): void
  TF_DeviceListCount(list: DeviceList): number
  TF_DeviceListName(list: DeviceList, index: number, status: Status): string
  TF_DeviceListType(list: DeviceList, index: number, status: Status): string
  TF_DeviceListMemoryBytes(list: DeviceList, index: number, status: Status): number
  TFE_NewOp(context: Context, name: string, status: Status): Op
  TFE_DeleteOp(op: Op): void
  TFE_OpSetDevice(op: Op, device: string, status: Status): void
  TFE_OpAddInput(op: Op, handle: TensorHandle, status: Status): void
  TFE_OpSetAttrType(op: Op, name: string, value: number): void
  TFE_OpSetAttrInt(op: Op, name: string, value: number): void
  TFE_OpSetAttrFloat(op: Op, name: string, value: number): void
  TFE_OpSetAttrBool(op: Op, name: string, value: number): void
  TFE_OpSetAttrString(op: Op, name: string, value: Uint8Array, bytes: number): void
  TFE_OpSetAttrShape(op: Op, name: string, dims: BigInt64Array, rank: number, status: Status): void
  TFE_OpSetAttrIntList(op: Op, name: string, values: BigInt64Array, count: number): void
  TFE_OpSetAttrFloatList(op: Op, name: string, values: Float32Array, count: number): void
  TFE_OpSetCancellationManager(op: Op, manager: CancellationManager, status: Status): void
  TFE_Execute: ((op: Op, results: (TensorHandle | Null)[], count: number[], status: Status) => void) &
    NodeStyle<[op: Op, results: (TensorHandle | Null)[], count: number[], status: Status]>
  TFE_NewCancellationManager(): CancellationManager
  TFE_CancellationManagerStartCancel(manager: CancellationManager): void
  TFE_DeleteCancellationManager(manager: CancellationManager): void
  TFE_NewTensorHandle(tensor: NativeTensor, status: Status): TensorHandle
  TFE_DeleteTensorHandle(handle: TensorHandle): void
  TFE_TensorHandleDataType(handle: TensorHandle): number
  TFE_TensorHandleNumDims(handle: TensorHandle, status: Status): number
  TFE_TensorHandleDim(handle: TensorHandle, index: number, status: Status): number
  TFE_TensorHandleResolve(handle: TensorHandle, status: Status): NativeTensor
  TF_NewGraph(): Graph
  TF_DeleteGraph(graph: Graph): void
  TF_NewOperation(graph: Graph, type: string, name: string): OperationDescription
  TF_SetDevice(description: OperationDescription, device: string): void
  TF_AddInput(description: OperationDescription, input: GraphOutput): void
  TF_AddInputList(description: OperationDescription, inputs: GraphOutput[], count: number): void
  TF_AddControlInput(description: OperationDescription, input: Operation): void
  TF_SetAttrType(description: OperationDescription, name: string, value: number): void
  TF_SetAttrInt(description: OperationDescription, name: string, value: number): void
  TF_SetAttrFloat(description: OperationDescription, name: string, value: number): void
  TF_SetAttrBool(description: OperationDescription, name: string, value: number): void
  TF_SetAttrString(description: OperationDescription, name: string, value: Uint8Array, bytes: number): void
  TF_SetAttrShape(description: OperationDescription, name: string, dims: BigInt64Array, rank: number): void
  TF_SetAttrIntList(description: OperationDescription, name: string, values: BigInt64Array, count: number): void
  TF_SetAttrFloatList(description: OperationDescription, name: string, values: Float32Array, count: number): void
  TF_SetAttrTypeList(description: OperationDescription, name: string, values: Int32Array, count: number): void
  TF_SetAttrFuncName(description: OperationDescription, name: string, value: string, bytes: number): void
  TF_SetAttrTensor(description: OperationDescription, name: string, value: NativeTensor, status: Status): void
  TF_FinishOperation(description: OperationDescription, status: Status): Operation
  TF_OperationOutputType(output: GraphOutput): number
  TF_GraphGetTensorNumDims(graph: Graph, output: GraphOutput, status: Status): number
  TF_GraphGetTensorShape(graph: Graph, output: GraphOutput, dims: number[], rank: number, status: Status): void
  TF_GraphCopyFunction(graph: Graph, fn: NativeFunction, gradient: Null, status: Status): void
  TF_GraphToFunctionWithControlOutputs(
    graph: Graph,
    name: string,
    appendHash: number,
    operationCount: number,
    operations: Null,
    inputCount: number,
    inputs: GraphOutput[],
    outputCount: number,
    outputs: GraphOutput[],
    outputNames: Null,
    controlCount: number,
    controls: Operation[] | Null,
    controlNames: Null,
    options: Null,
    description: Null,
    status: Status,
  ): NativeFunction
  TF_FunctionSetAttrValueProto(fn: NativeFunction, name: string, proto: Uint8Array, bytes: number, status: Status): void
  TF_DeleteFunction(fn: NativeFunction): void
}

const opaqueTypes = [
  'TF_Status',
  'TF_Tensor',
  'TFE_Context',
  'TFE_ContextOptions',
  'TFE_Op',
  'TFE_TensorHandle',
  'TF_Graph',
  'TF_Operation',
  'TF_OperationDescription',
  'TF_Function',
  'TF_FunctionOptions',
  'TF_DeviceList',
  'TFE_CancellationManager',
]

const declarations = `
const char* TF_Version()
TF_Status* TF_NewStatus()
void TF_DeleteStatus(TF_Status* s)
int TF_GetCode(TF_Status* s)
const char* TF_Message(TF_Status* s)
TF_Tensor* TF_AllocateTensor(int dtype, const int64_t* dims, int rank, size_t bytes)
void* TF_TensorData(TF_Tensor* t)
size_t TF_TensorByteSize(TF_Tensor* t)
void TF_DeleteTensor(TF_Tensor* t)
TFE_ContextOptions* TFE_NewContextOptions()
void TFE_DeleteContextOptions(TFE_ContextOptions* o)
void TFE_ContextOptionsSetConfig(TFE_ContextOptions* o, const uint8_t* proto, size_t bytes, TF_Status* s)
TFE_Context* TFE_NewContext(TFE_ContextOptions* o, TF_Status* s)
void TFE_DeleteContext(TFE_Context* c)
TF_DeviceList* TFE_ContextListDevices(TFE_Context* c, TF_Status* s)
void TFE_ContextAddFunction(TFE_Context* c, TF_Function* f, TF_Status* s)
void TFE_ContextRemoveFunction(TFE_Context* c, const char* name, TF_Status* s)
void TF_DeleteDeviceList(TF_DeviceList* l)
int TF_DeviceListCount(TF_DeviceList* l)
const char* TF_DeviceListName(TF_DeviceList* l, int i, TF_Status* s)
const char* TF_DeviceListType(TF_DeviceList* l, int i, TF_Status* s)
int64_t TF_DeviceListMemoryBytes(TF_DeviceList* l, int i, TF_Status* s)
TFE_Op* TFE_NewOp(TFE_Context* c, const char* name, TF_Status* s)
void TFE_DeleteOp(TFE_Op* op)
void TFE_OpSetDevice(TFE_Op* op, const char* device, TF_Status* s)
void TFE_OpAddInput(TFE_Op* op, TFE_TensorHandle* h, TF_Status* s)
void TFE_OpSetAttrType(TFE_Op* op, const char* n, int v)
void TFE_OpSetAttrInt(TFE_Op* op, const char* n, int64_t v)
void TFE_OpSetAttrFloat(TFE_Op* op, const char* n, float v)
void TFE_OpSetAttrBool(TFE_Op* op, const char* n, uint8_t v)
void TFE_OpSetAttrString(TFE_Op* op, const char* n, const uint8_t* v, size_t bytes)
void TFE_OpSetAttrShape(TFE_Op* op, const char* n, const int64_t* dims, int rank, TF_Status* s)
void TFE_OpSetAttrIntList(TFE_Op* op, const char* n, const int64_t* v, int count)
void TFE_OpSetAttrFloatList(TFE_Op* op, const char* n, const float* v, int count)
void TFE_OpSetCancellationManager(TFE_Op* op, TFE_CancellationManager* m, TF_Status* s)
void TFE_Execute(TFE_Op* op, _Out_ TFE_TensorHandle** results, _Inout_ int* count, TF_Status* s)
TFE_CancellationManager* TFE_NewCancellationManager()
void TFE_CancellationManagerStartCancel(TFE_CancellationManager* m)
void TFE_DeleteCancellationManager(TFE_CancellationManager* m)
TFE_TensorHandle* TFE_NewTensorHandle(TF_Tensor* t, TF_Status* s)
void TFE_DeleteTensorHandle(TFE_TensorHandle* h)
int TFE_TensorHandleDataType(TFE_TensorHandle* h)
int TFE_TensorHandleNumDims(TFE_TensorHandle* h, TF_Status* s)
int64_t TFE_TensorHandleDim(TFE_TensorHandle* h, int i, TF_Status* s)
TF_Tensor* TFE_TensorHandleResolve(TFE_TensorHandle* h, TF_Status* s)
TF_Graph* TF_NewGraph()
void TF_DeleteGraph(TF_Graph* g)
TF_OperationDescription* TF_NewOperation(TF_Graph* g, const char* type, const char* name)
void TF_SetDevice(TF_OperationDescription* d, const char* device)
void TF_AddInput(TF_OperationDescription* d, TF_Output o)
void TF_AddInputList(TF_OperationDescription* d, const TF_Output* o, int count)
void TF_AddControlInput(TF_OperationDescription* d, TF_Operation* o)
void TF_SetAttrType(TF_OperationDescription* d, const char* n, int v)
void TF_SetAttrInt(TF_OperationDescription* d, const char* n, int64_t v)
void TF_SetAttrFloat(TF_OperationDescription* d, const char* n, float v)
void TF_SetAttrBool(TF_OperationDescription* d, const char* n, uint8_t v)
void TF_SetAttrString(TF_OperationDescription* d, const char* n, const uint8_t* v, size_t bytes)
void TF_SetAttrShape(TF_OperationDescription* d, const char* n, const int64_t* dims, int rank)
void TF_SetAttrIntList(TF_OperationDescription* d, const char* n, const int64_t* v, int count)
void TF_SetAttrFloatList(TF_OperationDescription* d, const char* n, const float* v, int count)
void TF_SetAttrTypeList(TF_OperationDescription* d, const char* n, const int* v, int count)
void TF_SetAttrFuncName(TF_OperationDescription* d, const char* n, const char* v, size_t bytes)
void TF_SetAttrTensor(TF_OperationDescription* d, const char* n, TF_Tensor* t, TF_Status* s)
TF_Operation* TF_FinishOperation(TF_OperationDescription* d, TF_Status* s)
int TF_OperationOutputType(TF_Output o)
int TF_GraphGetTensorNumDims(TF_Graph* g, TF_Output o, TF_Status* s)
void TF_GraphGetTensorShape(TF_Graph* g, TF_Output o, _Out_ int64_t* dims, int rank, TF_Status* s)
void TF_GraphCopyFunction(TF_Graph* g, const TF_Function* f, const TF_Function* gradient, TF_Status* s)
TF_Function* TF_GraphToFunctionWithControlOutputs(const TF_Graph* g, const char* name, uint8_t hash, int nops, const TF_Operation** ops, int nin, const TF_Output* in, int nout, const TF_Output* out, const char** outnames, int nctl, const TF_Operation** ctl, const char** ctlnames, const TF_FunctionOptions* o, const char* desc, TF_Status* s)
void TF_FunctionSetAttrValueProto(TF_Function* f, const char* name, const uint8_t* proto, size_t bytes, TF_Status* s)
void TF_DeleteFunction(TF_Function* f)
`

const fileNames: Partial<Record<NodeJS.Platform, { framework: string | null; main: string }>> = {
  linux: { framework: 'libtensorflow_framework.so.2', main: 'libtensorflow_cc.so.2' },
  darwin: { framework: 'libtensorflow_framework.2.dylib', main: 'libtensorflow.2.dylib' },
  win32: { framework: null, main: 'tensorflow.dll' },
}

let opened: { dir: string; api: TensorFlowApi } | undefined

/**
 * Loads libtensorflow from `dir` once per process and keeps it loaded: koffi unloads libraries at the end, and
 * TensorFlow's threads would crash then, so the files are pinned with RTLD_NODELETE.
 * Throws `libtensorflow-missing` when the files are not there and `libtensorflow-damaged` when they cannot be loaded.
 */
export function openTensorFlow(dir: string): TensorFlowApi {
  if (opened) return opened.api
  const names = fileNames[process.platform]
  const paths = names ? [names.framework, names.main].filter((n) => n !== null).map((n) => join(dir, n)) : []
  const missing = paths.find((path) => !existsSync(path))
  if (paths.length === 0 || missing !== undefined) {
    throw new RepriseError({
      code: 'libtensorflow-missing',
      message: "TensorFlow's library is not in its folder.",
      expected: paths.join(', ') || 'Linux, Windows or macOS',
      found: missing === undefined ? process.platform : `no file ${missing}`,
      fix: 'Run "npm start" to install it, or point REPRISE_LIBTENSORFLOW at a folder that has it.',
    })
  }
  try {
    pinLibraries(paths)
    const libraries = paths.map((path) => koffi.load(path, { lazy: true, global: true }))
    opened = { dir, api: declareFunctions(libraries) }
    return opened.api
  } catch (error) {
    throw new RepriseError(
      {
        code: 'libtensorflow-damaged',
        message: "TensorFlow's library cannot be loaded.",
        expected: `a complete TensorFlow 2.21 library in ${dir}`,
        found: (error as Error).message,
        fix: 'Remove that folder and run "npm start": it is installed again.',
      },
      { cause: error },
    )
  }
}

// Linux: RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE. Elsewhere koffi's own handle has to do.
function pinLibraries(paths: string[]): void {
  if (process.platform !== 'linux') return
  const dlopen = koffi.load(null).func('void* dlopen(const char* path, int flags)')
  const dlerror = koffi.load(null).func('const char* dlerror()')
  for (const path of paths) {
    if (!dlopen(path, 0x2 | 0x100 | 0x1000)) throw new Error(String(dlerror()))
  }
}

function declareFunctions(libraries: ReturnType<typeof koffi.load>[]): TensorFlowApi {
  for (const name of opaqueTypes) koffi.opaque(name)
  koffi.struct('TF_Output', { oper: 'TF_Operation*', index: 'int' })
  const table: Record<string, unknown> = {}
  for (const declaration of declarations.trim().split('\n')) {
    const name = /(TFE?_\w+)\s*\(/.exec(declaration)?.[1] ?? declaration
    table[name] = declareIn(libraries, declaration)
  }
  return table as unknown as TensorFlowApi
}

// A symbol may sit in either library; the later one in the list holds most.
function declareIn(libraries: ReturnType<typeof koffi.load>[], declaration: string): unknown {
  let failure: unknown
  for (const library of libraries.slice().reverse()) {
    try {
      return library.func(declaration)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

/** A view of native memory; valid only as long as the owner of `pointer` lives. */
export function nativeView(pointer: DataPointer, bytes: number): ArrayBuffer {
  return koffi.view(pointer, bytes)
}

/** Where the values of `bytes` lie; they stay there as long as the array lives. */
export function addressOf(bytes: Uint8Array): bigint {
  return koffi.address(bytes)
}

let memcpy: ((target: Uint8Array, source: DataPointer, bytes: number) => void) | undefined

/** Copies native memory to the start of `target`. A view would do the same, but each one is work for the garbage collector. */
export function copyNative(target: Uint8Array, source: DataPointer, bytes: number): void {
  if (!memcpy) {
    const library = koffi.load(process.platform === 'win32' ? 'msvcrt.dll' : null)
    memcpy = library.func('void* memcpy(void* target, const void* source, size_t bytes)')
  }
  memcpy?.(target, source, bytes)
}
