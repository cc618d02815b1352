// TensorFlow operations that tfjs-core does not know, at once or traced. They are not on the gradient tape: use them inside
// customGrad, or where no gradient is needed.
import type * as tf from '@tensorflow/tfjs-core'
import { type Attr, attr } from '../attributes.ts'
import { tensorFlowBackend } from '../backend.ts'
import { DType } from '../dtypes.ts'

export const floatType = attr.type('T', DType.float)

/** Runs any registered operation with one output. */
export function rawOp(name: string, attrs: Attr[], inputs: tf.Tensor[]): tf.Tensor {
  return tensorFlowBackend().executeSingleOutput(name, attrs, inputs)
}

/** Runs any registered operation with several outputs. */
export function rawOps(name: string, attrs: Attr[], inputs: tf.Tensor[], outputs: number): tf.Tensor[] {
  return tensorFlowBackend().executeMultipleOutputs(name, attrs, inputs, outputs)
}

/** uint8 (or any `from` type) to float32 on the device. */
export function castToFloat(input: tf.Tensor, from: number): tf.Tensor {
  const attrs = [attr.type('SrcT', from), attr.type('DstT', DType.float), attr.bool('Truncate', false)]
  return rawOp('Cast', attrs, [input])
}
