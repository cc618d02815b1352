// Initial values by their names in PyTorch. Draws come from TensorFlow's stateless generators, keyed by the run's seed and
// the parameter's position, so that a seed gives the same network on every machine.
import * as tf from '@tensorflow/tfjs-core'
import { attr } from '../tensorflow/attributes.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { rawOp } from '../tensorflow/ops/raw-op.ts'

export interface RandomKey {
  seed: number
  stream: number
}

/** Fills a shape; convolution shapes are HWIO, linear ones [in, out]. */
export type Initialiser = (shape: readonly number[], key: RandomKey) => Float32Array

/** Inputs that one output sums over: the product of all dimensions but the last. */
export function fanIn(shape: readonly number[]): number {
  return shape.slice(0, -1).reduce((a, b) => a * b, 1)
}

function draw(
  operation: 'StatelessRandomUniform' | 'StatelessRandomNormal',
  shape: readonly number[],
  key: RandomKey,
): Float32Array {
  return tf.tidy(() => {
    const attrs = [attr.type('dtype', DType.float), attr.type('T', DType.int32), attr.type('Tseed', DType.int32)]
    const size = tf.tensor1d([...shape], 'int32')
    return rawOp(operation, attrs, [size, tf.tensor1d([key.seed, key.stream], 'int32')]).dataSync() as Float32Array
  })
}

export const zeros: Initialiser = (shape) => new Float32Array(shape.reduce((a, b) => a * b, 1))
export const ones: Initialiser = (shape) => zeros(shape, { seed: 0, stream: 0 }).fill(1)

/** U(-bound, bound) with the bound taken from the shape. */
export const uniform =
  (bound: (shape: readonly number[]) => number): Initialiser =>
  (shape, key) => {
    const limit = bound(shape)
    return draw('StatelessRandomUniform', shape, key).map((v) => (2 * v - 1) * limit)
  }

/** PyTorch's default for convolutions and linear layers: kaiming_uniform_(a = sqrt 5), which is U(+-1 / sqrt(fan_in)). */
export const torchDefault = uniform((shape) => 1 / Math.sqrt(fanIn(shape)))

/** PyTorch's default bias of a layer with `inputs` inputs: U(+-1 / sqrt(inputs)). */
export const torchDefaultBias = (inputs: number) => uniform(() => 1 / Math.sqrt(inputs))

/** kaiming_normal_(mode = fan_in, nonlinearity = relu): N(0, 2 / fan_in), He et al. 2015. */
export const kaimingNormalFanIn: Initialiser = (shape, key) => {
  const std = Math.sqrt(2 / fanIn(shape))
  return draw('StatelessRandomNormal', shape, key).map((v) => v * std)
}

/**
 * PyTorch's default, with the first `in` filters overwritten by identity (torch.nn.init.dirac_ on weight[:in]), as
 * airbench does. HWIO; the identity sits at the kernel's centre.
 */
export const partialDirac: Initialiser = (shape, key) => {
  const values = torchDefault(shape, key)
  const [height = 1, width = 1, inputs = 1, outputs = 1] = shape
  const centre = Math.floor(height / 2) * width + Math.floor(width / 2)
  for (let position = 0; position < height * width; position++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < Math.min(inputs, outputs); output++) {
        const identity = position === centre && input === output
        values[(position * inputs + input) * outputs + output] = identity ? 1 : 0
      }
    }
  }
  return values
}
