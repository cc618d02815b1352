// A training step without its updates that says of every operation whether its results are finite. It runs in the precision and with
// about the memory of the real step.
import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../../nn/parameters.ts'
import { type Attr, attr } from '../../tensorflow/attributes.ts'
import { tensorFlowBackend } from '../../tensorflow/backend.ts'
import { compileFunction } from '../../tensorflow/compiled-function.ts'
import { DType } from '../../tensorflow/dtypes.ts'
import { firstOutput, type GraphTrace, type SymbolicOutput, type TracedNode } from '../../tensorflow/graph-trace.ts'
import { floatType } from '../../tensorflow/ops/raw-op.ts'
import {
  mixedPrecisionOf,
  type StepContext,
  type StepTensors,
  stepGradients,
  type TrainingPass,
  trainingPass,
} from '../training-step.ts'

/** One float result of an operation of a step. */
export interface WatchedResult {
  node: TracedNode
  finite: boolean
  /** Largest absolute value; null in the backward pass and where it is not finite. */
  largest: number | null
}

export interface WatchedStep {
  /** In the order in which the operations were recorded: forward pass, then backward pass. */
  results: readonly WatchedResult[]
  /** The operation that gives each parameter's value. */
  weights: ReadonlyMap<TracedNode, Parameter>
  loss: TracedNode
  statistics: readonly TracedNode[]
  /** Of the loss without its scale, in the order of the trained parameters; a norm may be infinite or NaN. */
  gradients: readonly { node: TracedNode; norm: number }[]
}

/** Runs a batch (native ids, as `Batch` has them) once. Rejects with whatever TensorFlow throws. */
export async function watchStep(
  context: StepContext,
  trainable: readonly Parameter[],
  ids: readonly number[],
): Promise<WatchedStep> {
  const { runtime } = tensorFlowBackend()
  let recorded: RecordedStep | undefined
  const compiled = compileFunction(
    'watched_step',
    ids.map((id) => runtime.tensorInfo(id)),
    (...inputs) => {
      recorded = recordStep(context, trainable, inputs)
      return recorded.outputs
    },
    { mixedPrecision: mixedPrecisionOf(context.config) },
  )
  const scale = context.lossScale?.read().scale ?? 1
  try {
    const outputs = await compiled.runAsync(ids)
    const [finite, largest, smallest, halfSquares] = outputs.map(({ id }): ArrayLike<number> => {
      const { bytes, dtype } = runtime.readTensor(id)
      runtime.deleteTensor(id)
      return dtype === DType.bool ? new Uint8Array(bytes) : new Float32Array(bytes)
    })
    const { watched, weights, loss, statistics, gradients } = recorded as RecordedStep
    return {
      results: watched.map((node, i) => {
        const extent = Math.max(largest?.[i] ?? Number.NaN, -(smallest?.[i] ?? Number.NaN))
        return { node, finite: finite?.[i] === 1, largest: Number.isFinite(extent) ? extent : null }
      }),
      weights,
      loss,
      statistics,
      gradients: gradients.map((node, i) => ({ node, norm: Math.sqrt(2 * (halfSquares?.[i] ?? Number.NaN)) / scale })),
    }
  } finally {
    compiled.dispose()
  }
}

interface RecordedStep extends Pick<WatchedStep, 'weights' | 'loss' | 'statistics'> {
  watched: TracedNode[]
  gradients: TracedNode[]
  outputs: tf.Tensor[]
}

function recordStep(context: StepContext, trainable: readonly Parameter[], inputs: tf.Tensor[]): RecordedStep {
  const backend = tensorFlowBackend()
  const trace = backend.trace as GraphTrace
  const [images, labels, drawsOrTargets, layerKey] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
  const tensors: StepTensors = [images, labels, drawsOrTargets, layerKey, tf.scalar(0)]
  const pass: TrainingPass = { ...trainingPass(layerKey), checkpointing: context.config.compute.checkpointing }
  const { loss, gradients } = stepGradients(context, trainable, tensors, pass)
  const symbolOf = (tensor: tf.Tensor) => backend.symbolOf(trace, tensor)
  const lossNode = symbolOf(loss).node
  const weights = new Map(context.network.parameters.all.map((p) => [symbolOf(pass.read(p)).node, p]))
  const gradientSymbols = gradients.map(symbolOf)
  const statistics = pass.statistics.map(({ value }) => symbolOf(value).node)
  for (const { value } of pass.statistics) value.dispose()

  const watched = trace.nodes.flatMap(floatResults)
  const forward = watched.slice(0, watched.findLastIndex(({ node }) => node === lossNode) + 1)
  const axes = trace.constant([1], DType.int32, Int32Array.of(0))
  // A nested function hides the shape of its result.
  const shape = trace.constant([1], DType.int32, Int32Array.of(-1))
  const flat = watched.map((output) =>
    trace.add('Reshape', [floatType, attr.type('Tshape', DType.int32)], [output, shape]),
  )
  const reduce = (type: string, attrs: Attr[], x: SymbolicOutput) =>
    trace.add(type, [...attrs, attr.type('Tidx', DType.int32), attr.bool('keep_dims', false)], [x, axes])
  const finite = flat.map((x) => reduce('All', [], trace.add('IsFinite', [floatType], [x])))
  const extremes = (type: 'Max' | 'Min') => flat.slice(0, forward.length).map((x) => reduce(type, [floatType], x))
  const halfSquares = gradientSymbols.map((gradient) => trace.add('L2Loss', [floatType], [gradient]))
  return {
    watched: watched.map(({ node }) => node),
    weights,
    loss: lossNode,
    statistics,
    gradients: gradientSymbols.map(({ node }) => node),
    outputs: [
      pack(trace, DType.bool, finite),
      pack(trace, DType.float, extremes('Max')),
      pack(trace, DType.float, extremes('Min')),
      pack(trace, DType.float, halfSquares),
    ].map((symbol) => backend.symbolicTensor(symbol)),
  }
}

/** Float outputs of a node; what batch normalisation reserves for its gradient may hold anything. */
function floatResults({ type, outputs }: TracedNode): SymbolicOutput[] {
  // A weight goes by the operation that follows its reading, see readVariable.
  if (type === 'Const' || type === 'ReadVariableOp') return []
  const results = type === 'FusedBatchNormV3' ? outputs.slice(0, 3) : outputs
  return results.filter(({ dtype }) => dtype === DType.float)
}

function pack(trace: GraphTrace, dtype: number, values: readonly SymbolicOutput[]): SymbolicOutput {
  const attrs = [attr.int('N', values.length), attr.type('T', dtype), attr.int('axis', 0)]
  return firstOutput(trace.addNode('Pack', attrs, values, 1))
}
