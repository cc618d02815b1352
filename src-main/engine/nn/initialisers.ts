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
  const attrs = [attr.type('dtype', DType.float), attr.type('T', DType.int32), attr.type('Tseed', DType.int32)]
  let values = new Float32Array(0)
  // Not returned from tidy, which looks through all values of an array for tensors: a microsecond each.
  tf.tidy(() => {
    const size = tf.tensor1d([...shape], 'int32')
    const drawn = rawOp(operation, attrs, [size, tf.tensor1d([key.seed, key.stream], 'int32')])
    values = drawn.dataSync() as Float32Array<ArrayBuffer>
  })
  return values
}

export const zeros: Initialiser = (shape) => new Float32Array(shape.reduce((a, b) => a * b, 1))
export const ones: Initialiser = (shape) => zeros(shape, { seed: 0, stream: 0 }).fill(1)

// Loops below, where `map` would call a function for each of millions of values.

/** U(-bound, bound) with the bound taken from the shape. */
export const uniform =
  (bound: (shape: readonly number[]) => number): Initialiser =>
  (shape, key) => {
    const limit = bound(shape)
    const values = draw('StatelessRandomUniform', shape, key)
    for (let i = 0; i < values.length; i++) values[i] = (2 * (values[i] ?? 0) - 1) * limit
    return values
  }

/** PyTorch's default for convolutions and linear layers: kaiming_uniform_(a = sqrt 5), which is U(+-1 / sqrt(fan_in)). */
export const torchDefault = uniform((shape) => 1 / Math.sqrt(fanIn(shape)))

/** PyTorch's default bias of a layer with `inputs` inputs: U(+-1 / sqrt(inputs)). */
export const torchDefaultBias = (inputs: number) => uniform(() => 1 / Math.sqrt(inputs))

/** N(0, std^2), not truncated; the deviation may be taken from the shape. */
export const normal =
  (std: number | ((shape: readonly number[]) => number)): Initialiser =>
  (shape, key) => {
    const deviation = typeof std === 'number' ? std : std(shape)
    const values = draw('StatelessRandomNormal', shape, key)
    for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * deviation
    return values
  }

/** kaiming_normal_(mode = fan_in, nonlinearity = relu): N(0, 2 / fan_in), He et al. 2015. */
export const kaimingNormalFanIn = normal((shape) => Math.sqrt(2 / fanIn(shape)))

/** Outputs that one input reaches, as PyTorch counts them: outputs times taps, not divided by groups. */
export function fanOut(shape: readonly number[]): number {
  return (shape.at(-1) ?? 1) * shape.slice(0, -2).reduce((a, b) => a * b, 1)
}

/** kaiming_normal_(mode = fan_out, nonlinearity = relu): N(0, 2 / fan_out), torchvision's convolutions. */
export const kaimingNormalFanOut = normal((shape) => Math.sqrt(2 / fanOut(shape)))

/**
 * N(0, 2 / (fan_out / groups)), not truncated: the convolutions of TensorFlow's EfficientNet and of timm's
 * _init_weight_goog. A depthwise filter of k x k taps has a fan-out of k * k.
 */
export const tensorFlowNormalFanOut = (groups: number) => normal((shape) => Math.sqrt((2 * groups) / fanOut(shape)))

/** U(+-1 / sqrt(outputs)): the linear layer of EfficientNet (Tan and Le 2019) in its TensorFlow code and in torchvision. */
export const uniformFanOut = uniform((shape) => 1 / Math.sqrt(shape.at(-1) ?? 1))

/** xavier_uniform_: U(+-sqrt(6 / (inputs + outputs))), Glorot and Bengio 2010; for linear layers [in, out]. */
export const xavierUniform = uniform(([inputs = 1, outputs = 1]) => Math.sqrt(6 / (inputs + outputs)))

// Far above the streams of parameters, so that a redraw shares no stream with another parameter.
const redrawStreams = 1_000_000

/**
 * N(0, std^2) kept within +-limit by drawing again, as torch.nn.init.trunc_normal_: its bounds of +-2 are absolute, not
 * multiples of the deviation.
 */
export const truncatedNormal =
  (std: number | ((shape: readonly number[]) => number), limit = 2): Initialiser =>
  (shape, { seed, stream }) => {
    const values = normal(std)(shape, { seed, stream })
    const outside = () => values.some((v) => Math.abs(v) > limit)
    for (let round = 1; outside(); round++) {
      const again = normal(std)(shape, { seed, stream: stream + round * redrawStreams })
      for (let i = 0; i < values.length; i++) if (Math.abs(values[i] ?? 0) > limit) values[i] = again[i] ?? 0
    }
    return values
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
