// TensorFlow for the tests that hold the engine against the oracle.
import { startTensorFlow } from '../../src-main/engine/tensorflow/backend.ts'
import { findLibtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'

export async function startEngine() {
  return startTensorFlow((await findLibtensorflow()).folder)
}

/** Largest difference between values, as a share of the largest expected one. */
export function relativeDistance(found: ArrayLike<number>, expected: readonly number[]): number {
  if (found.length !== expected.length) throw new Error(`Expected ${expected.length} values, found ${found.length}.`)
  const scale = Math.max(...expected.map(Math.abs), Number.MIN_VALUE)
  return Math.max(...expected.map((value, i) => Math.abs((found[i] as number) - value))) / scale
}
