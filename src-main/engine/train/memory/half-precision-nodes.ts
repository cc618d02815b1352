// Which nodes of a traced function TensorFlow computes in half precision: the painting of grappler's
// auto_mixed_precision.cc (TensorFlow 2.21) with the lists of auto_mixed_precision_lists.h, as far as the engine records them.
import type { TracedNode } from '../../tensorflow/graph-trace.ts'

/** Always in half precision. */
const allowed = new Set([
  'Conv2D',
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'MatMul',
  'BatchMatMul',
  'BatchMatMulV2',
  'Einsum',
])
/** The same on GPUs; on CPUs the product takes them off the list, see worker-environment.ts. */
const allowedOnGpu = new Set([
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
])
/** Never. */
const denied = new Set(['Exp', 'Expm1', 'Mean', 'Pow', 'SoftmaxCrossEntropyWithLogits', 'Sum', 'L2Loss'])
/** Where both neighbours are. */
const inferred = new Set([
  'Add',
  'AddN',
  'AddV2',
  'AvgPool',
  'AvgPoolGrad',
  'BiasAdd',
  'BiasAddGrad',
  'Elu',
  'EluGrad',
  'FusedBatchNormV3',
  'FusedBatchNormGradV3',
  'LeakyRelu',
  'LeakyReluGrad',
  'Log',
  'LogSoftmax',
  'Mul',
  'Prod',
  'RealDiv',
  'Rsqrt',
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
/** Where one neighbour is. */
const clear = new Set([
  'Abs',
  'ConcatV2',
  'EnsureShape',
  'ExpandDims',
  'Identity',
  'MaxPool',
  'MaxPoolGrad',
  'Maximum',
  'Minimum',
  'MirrorPad',
  'Neg',
  'Pack',
  'Pad',
  'PadV2',
  'Relu',
  'Relu6',
  'Relu6Grad',
  'ReluGrad',
  'Reshape',
  'ReverseV2',
  'Select',
  'SelectV2',
  'Slice',
  'SplitV',
  'Squeeze',
  'StridedSlice',
  'Tile',
  'Transpose',
  'Unpack',
  'ZerosLike',
])

export function halfPrecisionNodes(nodes: readonly TracedNode[], gpu: boolean): Set<TracedNode> {
  const followers = new Map<TracedNode, TracedNode[]>()
  for (const node of nodes) {
    for (const { node: source } of node.inputs) followers.set(source, [...(followers.get(source) ?? []), node])
  }
  const before = (node: TracedNode) => node.inputs.map((input) => input.node)
  const after = (node: TracedNode) => followers.get(node) ?? []
  const passes = ({ type }: TracedNode) => inferred.has(type) || clear.has(type)

  const half = new Set(nodes.filter(({ type }) => allowed.has(type) || (gpu && allowedOnGpu.has(type))))
  const isDenied = ({ type }: TracedNode) => denied.has(type)
  // Between two nodes of the denied list all stays in full precision.
  const upstream = reached(nodes.filter(isDenied), before, passes)
  const downstream = reached(nodes.filter(isDenied), after, passes)
  const full = new Set(nodes.filter((node) => isDenied(node) || (upstream.has(node) && downstream.has(node))))
  const free = (node: TracedNode) => passes(node) && !full.has(node)
  const afterHalf = reached([...half], after, free)
  const beforeHalf = reached([...half], before, free)
  for (const node of nodes) {
    if (inferred.has(node.type) && afterHalf.has(node) && beforeHalf.has(node)) half.add(node)
  }
  const near = (node: TracedNode) => [...before(node), ...after(node)]
  for (const node of reached([...half], near, (n) => clear.has(n.type) && !full.has(n))) half.add(node)
  return half
}

/** Nodes that can be reached from `from` through nodes that `passes` lets through; those of `from` only where reached. */
function reached(
  from: readonly TracedNode[],
  next: (node: TracedNode) => TracedNode[],
  passes: (node: TracedNode) => boolean,
): Set<TracedNode> {
  const seen = new Set<TracedNode>()
  const open = [...from]
  for (let node = open.pop(); node; node = open.pop()) {
    for (const neighbour of next(node)) {
      if (seen.has(neighbour) || !passes(neighbour)) continue
      seen.add(neighbour)
      open.push(neighbour)
    }
  }
  return seen
}
