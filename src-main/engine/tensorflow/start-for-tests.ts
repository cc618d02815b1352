// TensorFlow in a test's process, from wherever it is installed, and small helpers to put values in and out.
import * as tf from '@tensorflow/tfjs-core'
import { startTensorFlow, tensorFlowBackend } from './backend.ts'
import { type CompileOptions, compileFunction } from './compiled-function.ts'
import { DType } from './dtypes.ts'
import { findLibtensorflow } from './library/find-libtensorflow.ts'

/** Starts the backend. Throws `libtensorflow-missing` with the fix when there is no library. */
export async function startForTests() {
  return startTensorFlow((await findLibtensorflow()).folder)
}

export interface TestTensor {
  shape: number[]
  values: number[]
}

/** Runs `body` op by op and returns the values of its results. */
export function runEagerly(body: (...inputs: tf.Tensor[]) => tf.Tensor[], inputs: TestTensor[]): Float32Array[] {
  return tf.tidy(() =>
    body(...inputs.map(({ values, shape }) => tf.tensor(values, shape, 'float32'))).map(
      (t) => t.dataSync().slice() as Float32Array,
    ),
  )
}

/** Runs `body` as a traced function and returns the values of its results. */
export function runTraced(
  body: (...inputs: tf.Tensor[]) => tf.Tensor[],
  inputs: TestTensor[],
  options: CompileOptions = {},
): Float32Array[] {
  const { runtime } = tensorFlowBackend()
  const specs = inputs.map(({ shape }) => ({ dtype: DType.float, shape }))
  const compiled = compileFunction('test', specs, body, options)
  const ids = inputs.map(({ shape, values }) => runtime.createTensor(shape, DType.float, Float32Array.from(values)))
  const outputs = compiled.run(ids)
  const results = outputs.map(({ id }) => new Float32Array(runtime.readTensor(id).bytes))
  for (const id of [...ids, ...outputs.map((output) => output.id)]) runtime.deleteTensor(id)
  compiled.dispose()
  return results
}

/** Norm of the difference over the norm of the reference. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY
  let [difference, size] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference += ((found[i] ?? Number.NaN) - (expected[i] ?? 0)) ** 2
    size += (expected[i] ?? 0) ** 2
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(size), 1e-12)
}
