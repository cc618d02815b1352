// Evaluation as a TensorFlow function: pixels in, logits averaged over the test views out.
import * as tf from '@tensorflow/tfjs-core'
import { RepriseError } from '../../shared/errors.ts'
import type { TestAugmentationName } from '../../shared/registry/augmentation.ts'
import { addEvaluationBatch, type EvaluationFigures, evaluationFigures, noEvaluationSums } from '../evaluate/metrics.ts'
import { evaluationPass } from '../nn/evaluation-pass.ts'
import type { Parameter } from '../nn/parameters.ts'
import { type CompiledFunction, compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import type { Variable } from '../tensorflow/variables.ts'
import { normalise, padToInput } from './input-pipeline.ts'
import type { TestSource } from './test-source.ts'
import { mixedPrecisionOf, type StepContext } from './training-step.ts'

type Forward = (x: tf.Tensor) => tf.Tensor

const mirror = (x: tf.Tensor) => tf.reverse(x, 2)
const mean = (a: tf.Tensor, b: tf.Tensor) => tf.mul(tf.add(a, b), 0.5)
const mirrored = (forward: Forward, x: tf.Tensor) => mean(forward(x), forward(mirror(x)))

/** Each view set maps x [n, h, w, c] to logits [n, classes]; those of crops take as many rows of x for each picture. */
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
  'five-crop': cropMean(5),
  'ten-crop': cropMean(10),
} as const satisfies Record<TestAugmentationName, (forward: Forward, x: tf.Tensor) => tf.Tensor>

/** Logarithms of the mean probabilities over the crops of a picture: Krizhevsky et al. 2012 average the softmax. */
function cropMean(crops: number) {
  return (forward: Forward, x: tf.Tensor): tf.Tensor => {
    const probabilities = tf.softmax(forward(x))
    const [rows = 0, classes = 0] = probabilities.shape
    return tf.log(tf.mean(tf.reshape(probabilities, [rows / crops, crops, classes]), 1))
  }
}

/**
 * Compiles the pictures of `source`, `batch` of them at a time -> logits [batch, classes] with running statistics. `variableOf`
 * gives the variables to judge in place of the network's own.
 */
export function compileEvaluation(
  context: StepContext,
  source: Pick<TestSource, 'shape' | 'dtype' | 'prepared' | 'views'>,
  views: TestAugmentationName,
  batch: number,
  variableOf: (parameter: Parameter) => Variable = ({ variable }) => variable,
): CompiledFunction {
  const pass = evaluationPass(variableOf)
  return compileFunction(
    'evaluate',
    [{ dtype: source.dtype, shape: [batch * source.views, ...source.shape] }],
    (images) => {
      const pictures = images as tf.Tensor
      const placed = source.prepared ? pictures : padToInput(pictures, context.picture, context.input)
      const x = source.dtype === DType.float ? placed : normalise(placed, context.normalization)
      return [testViews[views]((v) => context.network.forward(v, pass), x)]
    },
    { mixedPrecision: mixedPrecisionOf(context.config) },
  )
}

/**
 * Figures over exactly the pictures of `source` that can be read; the last batch is filled up and the filling left out.
 * `onProgress` gets pictures done. An abort rejects with `cancelled`, a set of which no picture can be read with
 * `picture-broken`.
 */
export async function evaluate(
  runtime: TensorFlowRuntime,
  step: CompiledFunction,
  source: TestSource,
  options: { batch: number; classes: number; signal?: AbortSignal; onProgress?: (done: number) => void },
): Promise<EvaluationFigures> {
  const shape = [options.batch * source.views, ...source.shape]
  const total = source.labels.length
  const read = (start: number) => {
    const images = source.read(start, Math.min(options.batch, total - start), options.batch)
    // Whoever awaits it gets the error; it must not count as unhandled before.
    images.catch(() => {})
    return images
  }
  let sums = noEvaluationSums
  let next = read(0)
  for (let start = 0; start < total; start += options.batch) {
    const count = Math.min(options.batch, total - start)
    const { images, broken, done } = await next
    const input = runtime.createTensor(shape, source.dtype, images)
    done()
    try {
      const running = step.runAsync([input], options.signal)
      // The next batch is prepared while TensorFlow works on this one.
      if (start + options.batch < total) next = read(start + options.batch)
      const [output] = await running
      const logits = new Float32Array(runtime.readTensor(output?.id ?? -1).bytes)
      runtime.deleteTensor(output?.id ?? -1)
      const used = readable(logits, source.labels.subarray(start, start + count), options.classes, broken)
      sums = addEvaluationBatch(sums, used.logits, used.labels, options.classes)
    } finally {
      runtime.deleteTensor(input)
    }
    options.onProgress?.(start + count)
  }
  if (sums.pictures === 0) throw noneReadable(total)
  return evaluationFigures(sums)
}

function noneReadable(total: number): RepriseError {
  return new RepriseError({
    code: 'picture-broken',
    message: 'None of the test pictures can be read.',
    expected: `${total} pictures that can be decoded`,
    found: 'none',
    fix: 'See whether the disk with the pictures is still there, and check the data set on its page.',
  })
}

/** Rows and labels of a batch without those of broken pictures and of the filling. */
function readable(
  logits: Float32Array,
  labels: Uint8Array | Uint16Array,
  classes: number,
  broken: readonly number[],
): { logits: Float32Array; labels: Uint8Array | Uint16Array } {
  if (broken.length === 0) return { logits: logits.subarray(0, labels.length * classes), labels }
  const unread = new Set(broken)
  return {
    logits: logits.filter((_, i) => i < labels.length * classes && !unread.has(Math.floor(i / classes))),
    labels: labels.filter((_, i) => !unread.has(i)),
  }
}
