// How much memory the results of a traced function take at once: each from the node that makes it to the last that reads it, in
// the order in which the nodes were recorded.
import { DType, dtypeBytes } from '../../tensorflow/dtypes.ts'
import type { SymbolicOutput, TracedNode } from '../../tensorflow/graph-trace.ts'

/** Results that share the memory of their first input. */
const views = new Set(['EnsureShape', 'ExpandDims', 'Identity', 'Reshape', 'Squeeze', 'StopGradient'])
/** Results that take the place of an input of their size which nothing else reads (OpKernelContext::forward_input). */
const elementwise = new Set([
  'Abs',
  'Add',
  'AddN',
  'AddV2',
  'BiasAdd',
  'Elu',
  'EluGrad',
  'Exp',
  'Expm1',
  'FusedBatchNormV3',
  'FusedBatchNormGradV3',
  'Log',
  'LogSoftmax',
  'Maximum',
  'Minimum',
  'Mul',
  'Neg',
  'Pow',
  'RealDiv',
  'Reciprocal',
  'Relu',
  'Relu6',
  'Relu6Grad',
  'ReluGrad',
  'Rsqrt',
  'Select',
  'SelectV2',
  'Sigmoid',
  'SigmoidGrad',
  'Softmax',
  'Softplus',
  'Sqrt',
  'Square',
  'SquaredDifference',
  'Sub',
  'Tanh',
  'TanhGrad',
])
/** Not results of the step: arguments, and variables, which are counted by themselves. */
const held = new Set(['Placeholder', 'ReadVariableOp', 'Const'])

/** Bytes that are freed when the last of `readers` has read them. */
interface Buffer {
  bytes: number
  readers: number
}

/** A node as memory sees it: what it reads and makes, by name. */
interface Work {
  type: string
  reads: string[]
  makes: { name: string; bytes: number }[]
}

/**
 * The most bytes that are live at once while the function of `nodes` runs. Nodes from which neither an update nor the last node
 * follows are left out, as TensorFlow leaves them out.
 */
export function peakLiveBytes(nodes: readonly TracedNode[], half: ReadonlySet<TracedNode> = new Set()): number {
  const works = worksOf(neededNodes(nodes), half)
  const readers = new Map<string, number>()
  for (const { reads } of works) for (const name of reads) readers.set(name, (readers.get(name) ?? 0) + 1)

  const buffers = new Map<string, Buffer>()
  let [live, peak] = [0, 0]
  const freeUnread = (buffer: Buffer) => {
    if (buffer.readers === 0) live -= buffer.bytes
  }
  for (const { type, reads, makes } of works) {
    const inputs = reads.flatMap((name) => buffers.get(name) ?? [])
    const made = makes.map(({ name, bytes }, index) => {
      const count = readers.get(name) ?? 0
      const shared = index === 0 ? sharedInput(type, inputs, bytes) : undefined
      if (shared) {
        shared.readers += count
        buffers.set(name, shared)
        return shared
      }
      const buffer = { bytes, readers: count }
      live += bytes
      buffers.set(name, buffer)
      return buffer
    })
    peak = Math.max(peak, live)
    for (const buffer of new Set(made)) if (!inputs.includes(buffer)) freeUnread(buffer)
    for (const buffer of inputs) {
      buffer.readers -= 1
      freeUnread(buffer)
    }
  }
  return peak
}

/** The input whose memory a node's first result takes. */
function sharedInput(type: string, inputs: readonly Buffer[], bytes: number): Buffer | undefined {
  if (views.has(type)) return inputs[0]
  if (!elementwise.has(type)) return undefined
  return inputs.find((input) => input.bytes === bytes && input.readers === 1)
}

function neededNodes(nodes: readonly TracedNode[]): TracedNode[] {
  const needed = new Set<TracedNode>([...nodes.slice(-1), ...nodes.filter(({ outputs }) => outputs.length === 0)])
  for (const node of [...nodes].reverse()) {
    if (needed.has(node)) for (const input of node.inputs) needed.add(input.node)
  }
  return nodes.filter((node) => needed.has(node))
}

const nameOf = ({ node, output }: SymbolicOutput) => `${node.name}:${output.index}`

function worksOf(nodes: readonly TracedNode[], half: ReadonlySet<TracedNode>): Work[] {
  const shapes = shapesByReaders(nodes)
  const shapeOf = (output: SymbolicOutput) => shapes.get(nameOf(output)) ?? output.shape
  const castName = (output: SymbolicOutput) => `${nameOf(output)} cast`
  /** Whether the node reads the input in the other precision. */
  const readsCast = (node: TracedNode, input: SymbolicOutput) =>
    input.dtype === DType.float && (half.has(node) && takesHalf(node, input)) !== isHalf(input, half)
  const cast = new Set(
    nodes.flatMap((node) => node.inputs.filter((input) => readsCast(node, input)).map((input) => nameOf(input))),
  )
  const works: Work[] = []
  for (const node of nodes) {
    if (held.has(node.type)) continue
    const makes = node.outputs.map((output) => {
      const bytes = isHalf(output, half) ? halfBytes : (dtypeBytes[output.dtype] ?? 0)
      return { name: nameOf(output), bytes: elements(shapeOf(output)) * bytes }
    })
    const reads = node.inputs.map((input) => (readsCast(node, input) ? castName(input) : nameOf(input)))
    // A cast to the type that a value has gives the value itself.
    const type = node.type === 'Cast' && node.inputs[0]?.dtype === node.outputs[0]?.dtype ? 'Identity' : node.type
    works.push({ type, reads, makes })
    // One cast for all readers, as soon as there is something to cast.
    for (const output of node.outputs.filter((made) => cast.has(nameOf(made)))) {
      const bytes = elements(shapeOf(output)) * (isHalf(output, half) ? floatBytes : halfBytes)
      works.push({ type: 'Cast', reads: [nameOf(output)], makes: [{ name: castName(output), bytes }] })
    }
  }
  return works
}

/** A call of a nested function hides its shape; those who read it were told. */
function shapesByReaders(nodes: readonly TracedNode[]): Map<string, readonly number[]> {
  return new Map(nodes.flatMap((node) => node.inputs.map((input) => [nameOf(input), input.shape] as const)))
}

/** Of batch norm only pictures are in half precision, not their statistics, scales and shifts. */
const isBatchNorm = ({ type }: TracedNode) => type.startsWith('FusedBatchNorm')
const takesHalf = (node: TracedNode, input: SymbolicOutput) => !isBatchNorm(node) || input.shape.length === 4
const isHalf = (output: SymbolicOutput, half: ReadonlySet<TracedNode>) =>
  output.dtype === DType.float && half.has(output.node) && (!isBatchNorm(output.node) || output.output.index === 0)

const floatBytes = 4
const halfBytes = 2
const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * Math.max(size, 0), 1)
