// Keras' description of a model: which layers it has. A layer that Keras does not have is code that this product lacks, so
// its weights would stand for nothing.
import { RepriseError } from '../../shared/errors.ts'
import type { SafetensorsTensor } from './safetensors.ts'

export interface KerasLayer {
  className: string
  name: string
  config: Record<string, unknown>
  /** Of a model within the model; null for a single layer. */
  layers: KerasLayer[] | null
}

/** A model and what it is made of. */
export interface KerasModel extends KerasLayer {
  layers: KerasLayer[]
}

/** What the readers of Keras' files hand over. */
export interface KerasWeights {
  tensors: SafetensorsTensor[]
  /** Null for files of weights alone. */
  model: KerasModel | null
  /** What the reader left out, as sentences. */
  notes: string[]
}

const models = new Set(['Functional', 'Model', 'Sequential'])
const known = new Set(
  `InputLayer Dense Activation Dropout Flatten Reshape Permute RepeatVector Lambda Masking Embedding
  Conv1D Conv2D Conv3D Conv2DTranspose Conv3DTranspose DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D
  MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D
  GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D GlobalAveragePooling2D
  GlobalAveragePooling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D
  UpSampling3D BatchNormalization LayerNormalization GroupNormalization UnitNormalization Normalization Rescaling Resizing
  CenterCrop RandomFlip RandomRotation RandomZoom RandomCrop RandomContrast RandomBrightness RandomTranslation
  RandomHeight RandomWidth Add Subtract Multiply Average Maximum Minimum Concatenate Dot ReLU LeakyReLU PReLU ELU Softmax
  ThresholdedReLU GaussianNoise GaussianDropout AlphaDropout SpatialDropout1D SpatialDropout2D SpatialDropout3D
  ActivityRegularization MultiHeadAttention Attention AdditiveAttention LayerScale StochasticDepth`
    .split(/\s+/)
    // A Lambda layer is code in the file.
    .filter((name) => name !== 'Lambda'),
)

/**
 * The model in a configuration (`model_config` of .h5 and TensorFlow.js, config.json of .keras).
 * Throws `data-format` naming the first layer that Keras does not have, such as one of TensorFlow Hub.
 */
export function readKerasModel(config: unknown, file: string): KerasModel {
  const { layers, ...model } = layerOf(config, file, 0)
  if (layers === null) throw refused(file, 'a model of layers', model.className)
  return { ...model, layers }
}

function layerOf(value: unknown, file: string, depth: number): KerasLayer {
  const { class_name: className, config } = isRecord(value) ? value : {}
  if (typeof className !== 'string' || depth > 16) throw refused(file, 'a description of layers by class', 'another')
  const settings = isRecord(config) ? config : {}
  const name = typeof settings.name === 'string' ? settings.name : className
  if (models.has(className)) {
    // Old Sequential models hold the list itself.
    const list = Array.isArray(config) ? config : settings.layers
    if (!Array.isArray(list)) throw refused(file, `the layers of ${name}`, 'none')
    return { className, name, config: settings, layers: list.map((layer) => layerOf(layer, file, depth + 1)) }
  }
  if (!known.has(className)) {
    throw new RepriseError({
      code: 'data-format',
      message: `${file} needs the layer "${name}" of class ${className}, which Keras does not have by itself`,
      expected: 'layers of Keras',
      found: className,
      fix: 'Weights that belong to added code, such as layers of TensorFlow Hub, cannot be read. Choose a model without it.',
    })
  }
  return { className, name, config: settings, layers: null }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused(file: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `The model in ${file} cannot be understood`,
    expected,
    found,
    fix: 'Save it again with Keras, as .keras or .h5.',
  })
}
