// Evaluation as a TensorFlow function: pixels in, logits averaged over the test views out.
import * as tf from '@tensorflow/tfjs-core'
import type { TestAugmentationName } from '../../shared/registry/training.ts'
import type { ImageSet } from '../data/dataset.ts'
import { addEvaluationBatch, type EvaluationFigures, evaluationFigures, noEvaluationSums } from '../evaluate/metrics.ts'
import { evaluationPass } from '../nn/evaluation-pass.ts'
import type { Parameter } from '../nn/parameters.ts'
import { type CompiledFunction, compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import type { Variable } from '../tensorflow/variables.ts'
import { normalise, padToInput } from './input-pipeline.ts'
import { mixedPrecisionOf, type StepContext } from './training-step.ts'

type Forward = (x: tf.Tensor) => tf.Tensor

const mirror = (x: tf.Tensor) => tf.reverse(x, 2)
const mean = (a: tf.Tensor, b: tf.Tensor) => tf.mul(tf.add(a, b), 0.5)
const mirrored = (forward: Forward, x: tf.Tensor) => mean(forward(x), forward(mirror(x)))

/** Each view set maps x [n, h, w, c] to logits [n, classes]. */
export const testViews = {
  none: (forward, x) => forward(x),
  mirror: mirrored,
  // Jordan 2024: half weight on the unshifted pair, a quarter each on the two diagonal one-pixel shifts, reflected borders.
  'mirror-translate': (forward, x) => {
    const [n = 0, h = 0, w = 0, c = 0] = x.shape
    const padded = tf.mirrorPad(
      x,
      [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
      'reflect',
    )
    const shifted = [0, 2].map((at) => mirrored(forward, tf.slice(padded, [0, at, at, 0], [n, h, w, c])))
    return mean(mirrored(forward, x), mean(shifted[0] as tf.Tensor, shifted[1] as tf.Tensor))
  },
} as const satisfies Record<TestAugmentationName, (forward: Forward, x: tf.Tensor) => tf.Tensor>

/**
 * Compiles images uint8 [n, h, w, c] -> logits [n, classes] with running statistics. `variableOf` gives the variables to judge in
 * place of the network's own.
 */
export function compileEvaluation(
  context: StepContext,
  views: TestAugmentationName,
  batch: number,
  variableOf: (parameter: Parameter) => Variable = ({ variable }) => variable,
): CompiledFunction {
  const pass = evaluationPass(variableOf)
  return compileFunction(
    'evaluate',
    [{ dtype: DType.uint8, shape: [batch, ...context.picture] }],
    (images) => {
      const x = normalise(padToInput(images as tf.Tensor, context.picture, context.input), context.normalization)
      return [testViews[views]((v) => context.network.forward(v, pass), x)]
    },
    { mixedPrecision: mixedPrecisionOf(context.config) },
  )
}

/**
 * Figures over exactly the pictures of `set`; the last batch is filled up and the filling left out. `onProgress` gets
 * pictures done. An abort rejects with `cancelled`.
 */
export async function evaluate(
  runtime: TensorFlowRuntime,
  step: CompiledFunction,
  set: ImageSet,
  options: { batch: number; classes: number; signal?: AbortSignal; onProgress?: (done: number) => void },
): Promise<EvaluationFigures> {
  const bytes = set.images.length / set.count
  const shape = step.nodes[0]?.outputs[0]?.shape ?? []
  let sums = noEvaluationSums
  for (let start = 0; start < set.count; start += options.batch) {
    const count = Math.min(options.batch, set.count - start)
    const images = new Uint8Array(options.batch * bytes)
    images.set(set.images.subarray(start * bytes, (start + count) * bytes))
    const input = runtime.createTensor(shape, DType.uint8, images)
    try {
      const [output] = await step.runAsync([input], options.signal)
      const logits = new Float32Array(runtime.readTensor(output?.id ?? -1).bytes)
      runtime.deleteTensor(output?.id ?? -1)
      const used = logits.subarray(0, count * options.classes)
      sums = addEvaluationBatch(sums, used, set.labels.subarray(start, start + count), options.classes)
    } finally {
      runtime.deleteTensor(input)
    }
    options.onProgress?.(start + count)
  }
  return evaluationFigures(sums)
}
