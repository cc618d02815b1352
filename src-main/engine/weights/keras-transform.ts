// How a model of Keras wants its pictures. Rescaling and Normalization layers in front belong to the preprocessing; all else
// is what Keras says of its published weights.
import { RepriseError } from '../../shared/errors.ts'
import type { EvaluationTransform, PixelNormalization } from '../data/transforms/evaluation-transform.ts'
import { toFloat32 } from '../formats/float32-values.ts'
import type { KerasLayer, KerasWeights } from '../formats/keras-layers.ts'
import { type KerasArchitecture, type KerasName, kerasArchitectures } from './keras-architectures.ts'

type Channel = 0 | 1 | 2
type Channels = readonly [number, number, number]
/** x -> scale x + offset for each channel. */
interface Affine {
  scale: Channels
  offset: Channels
}

const perChannel = (of: (channel: Channel) => number): Channels => [of(0), of(1), of(2)]
const zero = perChannel(() => 0)

/** IMAGENET_STDDEV_RGB of efficientnet.py. */
const imagenetDeviation: Channels = [0.229, 0.224, 0.225]

/**
 * The whole picture resized to [size, size] by tf.image.resize, bilinear and without antialias, as
 * keras.utils.image_dataset_from_directory does; then what the layers in front of the model do, or without any what the
 * family's preprocess_input does.
 * @throws `data-format` for layers in front that are not understood
 */
export function kerasTransform(
  name: KerasName,
  weights: KerasWeights,
  size: number,
  file: string,
): EvaluationTransform {
  const { input }: KerasArchitecture = kerasArchitectures[name]
  const chain = weights.model ? layersInFront(weights.model.layers, weights, file) : withoutConfiguration(weights, file)
  return {
    geometry: { mode: 'squash', resize: [size, size], crop: [size, size] },
    filter: 'tf-bilinear',
    normalization: chain.length === 0 ? input : folded(chain),
  }
}

/** The side of a square input that the model's configuration asks for, or null. */
export function kerasInputSize({ model }: KerasWeights): number | null {
  const input = model?.layers.find(({ className }) => className === 'InputLayer')
  const shape = input?.config.batch_shape ?? input?.config.batch_input_shape
  if (!Array.isArray(shape)) return null
  const [, height, width] = shape
  return Number.isSafeInteger(height) && height === width && height > 0 ? height : null
}

/** Everything between the input and the first layer of another kind. */
function layersInFront(layers: readonly KerasLayer[], weights: KerasWeights, file: string): Affine[] {
  const chain: Affine[] = []
  for (const layer of layers) {
    if (layer.className === 'InputLayer') continue
    if (layer.className === 'Rescaling') chain.push(rescaling(layer, file))
    else if (layer.className === 'Normalization') chain.push(normalization(layer, weights, file))
    else break
  }
  return chain
}

/**
 * A file of weights alone names no Rescaling. A Normalization with weights is EfficientNet's, after a division by 255. Where
 * its variance is ImageNet's standard deviation, it is the published one, and Keras divides by the root of that once more
 * (efficientnet.py, tensorflow issue 49930).
 */
function withoutConfiguration(weights: KerasWeights, file: string): Affine[] {
  const layer = weights.tensors.map(({ name }) => /^(normalization(?:_\d+)?)\/mean$/.exec(name)?.[1]).find(Boolean)
  const statistics = layer && statisticsOf(layer, weights)
  if (!statistics) return []
  const toUnit = { scale: perChannel(() => 1 / 255), offset: zero }
  const again = { scale: perChannel((c) => 1 / Math.sqrt(imagenetDeviation[c])), offset: zero }
  const isPublished = statistics.variance.every((value, c) => Math.abs(value - imagenetDeviation[c as Channel]) < 1e-4)
  return [toUnit, standardising(statistics, file), ...(isPublished ? [again] : [])]
}

function rescaling({ name, config }: KerasLayer, file: string): Affine {
  return { scale: channels(config.scale ?? 1, name, file), offset: channels(config.offset ?? 0, name, file) }
}

/** Mean and variance are weights of the layer, or in the configuration. */
function normalization({ name, config }: KerasLayer, weights: KerasWeights, file: string): Affine {
  const { mean, variance } = config
  const given = () => ({ mean: channels(mean, name, file), variance: channels(variance, name, file) })
  return standardising(statisticsOf(name, weights) ?? given(), file)
}

interface Statistics {
  mean: Channels
  variance: Channels
}

function statisticsOf(layer: string, { tensors }: KerasWeights): Statistics | null {
  const values = (weight: string) => {
    const tensor = tensors.find(({ name }) => name === `${layer}/${weight}`)
    return tensor && tensor.shape.join() === '3' ? ([...toFloat32(tensor)] as unknown as Channels) : null
  }
  const [mean, variance] = [values('mean'), values('variance')]
  return mean && variance ? { mean, variance } : null
}

function standardising({ mean, variance }: Statistics, file: string): Affine {
  if (variance.some((value) => !(value > 0))) throw refused(file, 'variances above zero', variance.join(' '))
  const scale = perChannel((c) => 1 / Math.sqrt(variance[c]))
  return { scale, offset: perChannel((c) => -mean[c] * scale[c]) }
}

/** A chain as one division, subtraction and division, with seven digits, as many as float32 has. */
function folded(chain: readonly Affine[]): PixelNormalization {
  const { scale, offset } = chain.reduce((first, next) => ({
    scale: perChannel((c) => first.scale[c] * next.scale[c]),
    offset: perChannel((c) => first.offset[c] * next.scale[c] + next.offset[c]),
  }))
  const divisor = 255
  const digits = (value: number) => Number(value.toPrecision(7))
  return {
    divisor,
    mean: perChannel((c) => digits(-offset[c] / scale[c] / divisor)),
    std: perChannel((c) => digits(1 / (scale[c] * divisor))),
  }
}

/** One number for all channels, or a list of three. */
function channels(value: unknown, layer: string, file: string): Channels {
  const list = Array.isArray(value) ? value.flat(3) : [value, value, value]
  if (list.length === 1) list.push(list[0], list[0])
  if (list.length === 3 && list.every((each) => Number.isFinite(each))) return list as unknown as Channels
  throw refused(file, `one or three numbers in ${layer}`, JSON.stringify(value)?.slice(0, 100) ?? 'none')
}

function refused(file: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `The preprocessing in ${file} cannot be understood`,
    expected,
    found,
    fix: 'Save the model again with the preprocessing of keras.applications.',
  })
}
