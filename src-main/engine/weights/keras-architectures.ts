// The architectures of keras.applications whose layers are those of a network of ours, and in what form of it they are: the
// reference of a weight is the whole computation, so epsilon, padding, biases and input belong to it.
import type { ModelName } from '../../shared/registry/models.ts'
import { imagenetNormalization, type PixelNormalization } from '../data/transforms/evaluation-transform.ts'
import {
  convNextLayers,
  denseNetLayers,
  efficientNetLayers,
  efficientNetRoles,
  efficientNetV2SRoles,
  type LayerNames,
  mobileNetV2Layers,
  resNetLayers,
} from './keras-layer-names.ts'

export interface KerasArchitecture {
  /** Ours of the same layers. */
  network: ModelName
  /** Of all normalisation layers. */
  epsilon: number
  /** TensorFlow's SAME where the network pads convolutions with a stride symmetrically. */
  padding?: 'same'
  /** Convolutions have a bias before batch normalisation; ours have none, and the running mean takes it over. */
  convolutionBias?: true
  /** Depthwise kernels are [height, width, channels, 1]; otherwise those of a convolution in groups. */
  depthwiseLayers?: true
  /** A layer in front normalises by mean, variance and count, which are tensors of the file. */
  inputStatistics?: true
  /** How the published weights want their pictures, where the file does not say. */
  input: PixelNormalization
  layerName: LayerNames
}

/** imagenet_utils.py, mode "caffe". */
const caffe: PixelNormalization = { divisor: 1, mean: [103.939, 116.779, 123.68], std: [1, 1, 1], order: 'bgr' }
/** The same, mode "tf": -1 to 1. */
const tf: PixelNormalization = { divisor: 127.5, mean: [1, 1, 1], std: [1, 1, 1] }
/** A Rescaling layer of 1 / 128 and -1 in the model. */
const byHalf: PixelNormalization = { divisor: 128, mean: [1, 1, 1], std: [1, 1, 1] }

const resNet = (network: ModelName): KerasArchitecture => ({
  network,
  epsilon: 1.001e-5,
  convolutionBias: true,
  input: caffe,
  layerName: resNetLayers,
})
const efficientNet = (index: number): KerasArchitecture => ({
  network: `tf-efficientnet-b${index}` as ModelName,
  epsilon: 1e-3,
  padding: 'same',
  depthwiseLayers: true,
  inputStatistics: true,
  input: imagenetNormalization,
  layerName: efficientNetLayers(efficientNetRoles),
})
const convNext = (size: 'tiny' | 'small' | 'base'): KerasArchitecture => ({
  network: `convnext-${size}`,
  epsilon: 1e-6,
  input: imagenetNormalization,
  layerName: convNextLayers(`convnext_${size}`),
})

/** By the name that Keras gives to the model, MobileNetV2's without the size of its input. */
export const kerasArchitectures = {
  efficientnetb0: efficientNet(0),
  efficientnetb1: efficientNet(1),
  efficientnetb2: efficientNet(2),
  efficientnetb3: efficientNet(3),
  efficientnetb4: efficientNet(4),
  efficientnetb5: efficientNet(5),
  efficientnetb6: efficientNet(6),
  efficientnetb7: efficientNet(7),
  'efficientnetv2-s': {
    network: 'efficientnet-v2-s',
    epsilon: 1e-3,
    padding: 'same',
    depthwiseLayers: true,
    input: byHalf,
    layerName: efficientNetLayers(efficientNetV2SRoles),
  },
  'mobilenetv2_1.00': {
    network: 'mobilenet-v2',
    epsilon: 1e-3,
    padding: 'same',
    depthwiseLayers: true,
    input: tf,
    layerName: mobileNetV2Layers,
  },
  resnet50: resNet('resnet50-v1'),
  resnet101: resNet('resnet101-v1'),
  resnet152: resNet('resnet152-v1'),
  densenet121: {
    network: 'densenet121',
    epsilon: 1.001e-5,
    input: imagenetNormalization,
    layerName: denseNetLayers,
  },
  convnext_tiny: convNext('tiny'),
  convnext_small: convNext('small'),
  convnext_base: convNext('base'),
} as const satisfies Record<string, KerasArchitecture>

export type KerasName = keyof typeof kerasArchitectures

/** The architecture that Keras calls `name`, or null. */
export function kerasNameOf(name: string): KerasName | null {
  const plain = name.replace(/^(mobilenetv2_1\.00)_\d+$/, '$1')
  return plain in kerasArchitectures ? (plain as KerasName) : null
}

/** Keras' name for the architecture of a network, or null. */
export function kerasNameFor(network: ModelName): KerasName | null {
  const entries = Object.entries(kerasArchitectures) as [KerasName, KerasArchitecture][]
  return entries.find(([, architecture]) => architecture.network === network)?.[0] ?? null
}

/** One sentence on what the network computes differently than by its own defaults. */
export function describeKerasForm(name: KerasName): string {
  const { epsilon, padding, convolutionBias }: KerasArchitecture = kerasArchitectures[name]
  const parts = [`epsilon ${epsilon} in normalisation`]
  if (padding) parts.push("TensorFlow's SAME padding")
  if (convolutionBias) parts.push('biases of convolutions taken over by running means')
  return `The network is in the form of Keras' ${name}: ${parts.join(', ')}.`
}
