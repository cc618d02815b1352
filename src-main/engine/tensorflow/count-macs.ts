// Multiply-accumulates of a traced function, counted from its nodes: convolutions and matrix products, as
// torch.utils.flop_counter counts them (two of its operations are one of these). Elementwise work, biases, norms and pooling
// count nothing.
import type { TracedNode } from './graph-trace.ts'

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)

/** All shapes must be known. */
export function countMacs(nodes: readonly TracedNode[]): number {
  return nodes.reduce((sum, node) => sum + sizeOf(node.outputs[0]?.shape ?? []) * termsOf(node), 0)
}

/** Products that one output value sums over; 0 for nodes that are not counted. */
function termsOf(node: TracedNode): number {
  const [left = [], right = []] = node.inputs.map((input) => input.shape)
  switch (node.type) {
    case 'Conv2D':
      // HWIO: the filter holds the inputs of one group only.
      return sizeOf(right.slice(0, 3))
    case 'DepthwiseConv2dNative':
      return sizeOf(right.slice(0, 2))
    case 'MatMul':
      return node.attrs.find(({ name }) => name === 'transpose_a')?.value ? (left.at(-2) ?? 0) : (left.at(-1) ?? 0)
    case 'BatchMatMulV2':
      return node.attrs.find(({ name }) => name === 'adj_x')?.value ? (left.at(-2) ?? 0) : (left.at(-1) ?? 0)
    default:
      return 0
  }
}
