// How much memory a training will take, from its traced functions, before any of them has run.
import { type GraphSize, predictedDeviceBytes, predictedProcessBytes } from '../../../shared/process-memory.ts'
import type { CompiledFunction } from '../../tensorflow/compiled-function.ts'
import type { TracedNode } from '../../tensorflow/graph-trace.ts'
import type { StepContext } from '../training-step.ts'
import { halfPrecisionNodes } from './half-precision-nodes.ts'
import { peakLiveBytes } from './live-bytes.ts'

/** Operations that oneDNN computes with a kernel made for their shapes. */
const kernelTypes = new Set([
  'BatchMatMulV2',
  'Conv2D',
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'FusedBatchNormGradV3',
  'FusedBatchNormV3',
  'MatMul',
])

export interface MemoryConditions {
  /** Of one saved state: parameters, optimizer, averages, slow weights. */
  stateBytes: number
  isSaved: boolean
  dataBytes: number
  feedThreads: number
  gpu: boolean
}

const floatBytes = 4

type Traced = Pick<CompiledFunction, 'nodes'>

/** Peak bytes of the process that runs `functions` one after the other: steps and evaluations of one training. */
export function estimateMemory(
  context: Pick<StepContext, 'network' | 'gradientSums' | 'config'>,
  functions: readonly Traced[],
  { stateBytes, isSaved, dataBytes, feedThreads, gpu }: MemoryConditions,
): number {
  const { network, gradientSums, config } = context
  const halfPrecision = config.compute.precision !== 'fp32'
  const load = {
    dataBytes,
    feedThreads,
    savedBytes: isSaved ? stateBytes : 0,
    graph: graphSize(functions),
    parameterBytes: network.parameters.all.reduce((sum, { variable }) => sum + variable.size, 0) * floatBytes,
    variableBytes: stateBytes + (gradientSums ? network.parameters.trainableCount * floatBytes : 0),
    liveBytes: Math.max(0, ...functions.map((of) => liveBytes(of, halfPrecision, gpu))),
    halfPrecision,
  }
  return gpu ? predictedDeviceBytes(load) : predictedProcessBytes(load)
}

export function liveBytes({ nodes }: Traced, halfPrecision: boolean, gpu: boolean): number {
  return peakLiveBytes(nodes, halfPrecision ? halfPrecisionNodes(nodes, gpu) : new Set())
}

export function graphSize(functions: readonly Traced[]): GraphSize {
  const nodes = functions.flatMap((of) => of.nodes)
  const kernels = nodes.filter(({ type }) => kernelTypes.has(type)).map(kernelOf)
  const fused = nodes.filter(({ type }) => type === 'PartitionedCall').map(attribute('f'))
  return {
    operations: nodes.filter(({ type }) => type !== 'Const' && type !== 'Placeholder').length,
    kernels: new Set(kernels).size,
    fused: new Set(fused).size,
  }
}

function kernelOf(node: TracedNode): string {
  const shapes = [...node.inputs, ...node.outputs.slice(0, 1)].map(({ shape }) => shape.join('x'))
  return [node.type, ...shapes, ...node.attrs.map(({ value }) => String(value))].join(' ')
}

const attribute = (name: string) => (node: TracedNode) => node.attrs.find((attr) => attr.name === name)?.value
