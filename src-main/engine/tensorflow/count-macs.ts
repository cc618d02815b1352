// Multiply-accumulates of a traced function, counted from its nodes: convolutions and matrix products, as
// torch.utils.flop_counter counts them (two of its operations are one of these). Elementwise work, biases, norms and pooling
// count nothing, and nothing counts that is computed from parameters alone: a batch of any size needs it once.
import { DType } from './dtypes.ts'
import type { SymbolicOutput, TracedNode } from './graph-trace.ts'

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)

/** All shapes must be known. */
export function countMacs(nodes: readonly TracedNode[]): number {
  const varying = new Set<TracedNode>()
  let macs = 0
  for (const node of nodes) {
    // Variables reach a graph as resource handles; every other placeholder is an argument.
    const argument = node.type === 'Placeholder' && node.outputs[0]?.dtype !== DType.resource
    if (!argument && !node.inputs.some((input) => varying.has(input.node))) continue
    varying.add(node)
    macs += macsOf(node)
  }
  return macs
}

/** 0 for nodes that are not counted. */
function macsOf(node: TracedNode): number {
  const [left, right] = node.inputs
  const output = node.outputs[0]?.shape ?? []
  switch (node.type) {
    case 'Conv2D':
    case 'DepthwiseConv2dNative':
      // NHWC: each weight of the filter counts once at every position.
      return right ? sizeOf(output.slice(0, 3)) * storedWeights(right) : 0
    case 'MatMul':
      return sizeOf(output) * termsOf(node, left, 'transpose_a')
    case 'BatchMatMulV2':
      return sizeOf(output) * termsOf(node, left, 'adj_x')
    default:
      return 0
  }
}

/** Products that one value of a matrix product sums over. */
function termsOf(node: TracedNode, left: SymbolicOutput | undefined, transposed: string): number {
  const first = node.attrs.find(({ name }) => name === transposed)?.value
  return left?.shape.at(first ? -2 : -1) ?? 0
}

/**
 * Values of a filter, or of the variables that it is spread from where they hold fewer: the rest are zeros in the place of
 * connections that the layer does not have (C3 of LeNet-5).
 */
function storedWeights(filter: SymbolicOutput): number {
  let stored = 0
  const seen = new Set<TracedNode>()
  const visit = (node: TracedNode) => {
    if (seen.has(node)) return
    seen.add(node)
    // The operation that reads a variable knows no shape; `readVariable` puts one behind it.
    if (node.inputs[0]?.node.type === 'ReadVariableOp') stored += sizeOf(node.outputs[0]?.shape ?? [])
    else for (const input of node.inputs) visit(input.node)
  }
  visit(filter.node)
  return stored > 0 ? Math.min(stored, sizeOf(filter.shape)) : sizeOf(filter.shape)
}
