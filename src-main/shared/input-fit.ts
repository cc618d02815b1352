// How the pictures of a data set reach the input of a network: as they are, or prepared one by one. Also what does not fit.
import { RepriseError } from './errors.ts'
import { type ModelName, models } from './registry/models.ts'
import type { RunConfig } from './run-config.ts'

/** height, width */
export type InputSize = readonly [number, number]
type Shape = readonly [height: number, width: number, channels: number]

/** Size of the training input, the largest one where it grows. */
export function trainingSize({ input, model }: Pick<RunConfig, 'input' | 'model'>): InputSize {
  const [height, width] = models[model.name as ModelName].input
  return input.size > 0 ? [input.size, input.size] : [height, width]
}

export function evaluationSize(config: Pick<RunConfig, 'input' | 'model' | 'evaluation'>): InputSize {
  const { size } = config.evaluation
  return size > 0 ? [size, size] : trainingSize(config)
}

// LeNet-5 sees MNIST's 28 pixels in the middle of 32; more border than that would be another experiment.
const mostPadding = 1.25

/** True when a border around the picture, or none, makes it as large as the input. */
const isPadded = (input: InputSize, shape: Shape) =>
  input.every((wanted, axis) => wanted >= (shape[axis] ?? 1) && wanted <= (shape[axis] ?? 1) * mostPadding)

/** Views that are cut from the picture, each as large as the input. */
export const cropViews: Partial<Record<RunConfig['evaluation']['testAugmentation'], number>> = {
  'five-crop': 5,
  'ten-crop': 10,
}

/** False when the compiled step can take the pictures as they are stored: crop, mirror and cutout happen inside it. */
export function preparesTraining(config: RunConfig, shape: Shape): boolean {
  const { augment, input } = config
  const strengths = [augment.grayscale, augment.lighting, augment.erasing, augment.mixup, augment.cutmix]
  return (
    augment.crop !== 'none' ||
    augment.policy !== 'none' ||
    augment.splits > 1 ||
    augment.colorJitter.some((strength) => strength > 0) ||
    strengths.some((strength) => strength > 0) ||
    input.growFrom > 0 ||
    !isPadded(trainingSize(config), shape)
  )
}

/** False when test pictures are judged as they are stored. */
export function preparesEvaluation(config: RunConfig, shape: Shape): boolean {
  const { resize, testAugmentation } = config.evaluation
  return resize > 0 || cropViews[testAugmentation] !== undefined || !isPadded(evaluationSize(config), shape)
}

/** Why a run cannot feed its network with pictures of `shape`, as an error to throw or show; null when it can. */
export function inputMisfit(config: RunConfig, shape: Shape, dataset: string): RepriseError | null {
  const { label, input, family } = models[config.model.name as ModelName]
  const size = trainingSize(config)
  const misfit = (message: string, expected: string, found: string, fix: string) =>
    new RepriseError({ code: 'config-out-of-range', message, expected, found, fix })
  const prepares = preparesTraining(config, shape)
  const isFiles = shape[0] === 0
  const found = isFiles ? 'files of unlike sizes' : shape.join(' x ')
  if (shape[2] !== input[2] || ((prepares || preparesEvaluation(config, shape)) && shape[2] !== 3)) {
    return misfit(
      `${label} cannot be trained on ${dataset} so: its pictures have another number of channels.`,
      `pictures of ${[...size, 3].join(' x ')}`,
      found,
      'Choose an architecture or augmentation for such pictures, or another data set.',
    )
  }
  const isExact = size[0] === shape[0] && size[1] === shape[1]
  if (prepares && config.augment.crop === 'none' && !isExact) {
    return misfit(
      `${label} cannot be trained on ${dataset} without a training crop: its pictures have another size.`,
      `pictures of ${[...size, 3].join(' x ')}`,
      found,
      'Choose a random resized crop (augment.crop), another input size, or an architecture for pictures of this size.',
    )
  }
  if (isFiles && family === 'airbench') {
    return misfit(
      `${label} computes its first layer from the training pictures, which must have one size for that.`,
      `pictures of ${[...size, 3].join(' x ')}`,
      found,
      'Add the folder again with its pictures decoded to one size, or choose another architecture.',
    )
  }
  const { shortSide } = config.data
  if (shortSide > 0 && !isFiles) {
    return misfit(
      `The pictures of ${dataset} are kept in one size already.`,
      'data.shortSide 0',
      String(shortSide),
      'Set data.shortSide to 0.',
    )
  }
  const [trained, tested] = [size.join(' x '), evaluationSize(config).join(' x ')]
  if (family === 'vit' && (trained !== tested || config.input.growFrom > 0)) {
    return misfit(
      `${label} has a position embedding for each patch of one input size.`,
      `a test size of ${trained} and an input that does not grow`,
      config.input.growFrom > 0 ? `growth from ${config.input.growFrom}` : tested,
      'Set evaluation.size and input.growFrom to 0.',
    )
  }
  const { policy, pad, padMode, cutmix, mixReference } = config.augment
  const isBlack = pad > 0 && padMode === 'black'
  if ((prepares || isBlack) && config.input.normalization === 'pixel-mean') {
    return misfit(
      'The mean picture cannot be subtracted from pictures that are padded with black, or prepared one by one.',
      'channel mean and std',
      'input.normalization pixel-mean',
      'Set input.normalization to channel.',
    )
  }
  const { resize, testAugmentation } = config.evaluation
  if (cropViews[testAugmentation] !== undefined && resize > 0 && resize < Math.max(...evaluationSize(config))) {
    return misfit(
      'Crops of a test picture cannot be larger than it.',
      `${tested} or more`,
      `${resize}`,
      'Set evaluation.resize to a larger size.',
    )
  }
  if (policy !== 'none' && pad > 0 && padMode === 'zero') {
    return misfit(
      'Padding with zeros after normalisation cannot come before a policy, which works on bytes.',
      'augment.padMode black or reflect',
      padMode,
      'Set augment.padMode to black, as torchvision pads.',
    )
  }
  const { splits, mixup } = config.augment
  if (splits > 1 !== (config.train.loss === 'jsd') || (splits > 1 && mixup + cutmix > 0)) {
    return misfit(
      'The JSD loss compares several views of the same pictures, which are not mixed.',
      'augment.splits of 2 or more with train.loss jsd alone, without mixup and CutMix',
      `${splits} with ${config.train.loss}`,
      'Set augment.splits to 3 and train.loss to jsd, or neither.',
    )
  }
  if (cutmix > 0 && mixReference === 'big-vision') {
    return misfit('big_vision has no CutMix.', 'augment.cutmix 0', `${cutmix}`, 'Set augment.mixReference to timm.')
  }
  return null
}

/**
 * Side of the training input after `progress` (0 to 1) of the training: from `growFrom` up to the full size, straight from
 * `growStart` to `growEnd`, rounded to a multiple of 32 (libffcv/ffcv-imagenet, train_imagenet.py, get_resolution).
 */
export function grownSize(config: Pick<RunConfig, 'input' | 'model'>, progress: number): InputSize {
  const full = trainingSize(config)
  const { growFrom, growStart, growEnd } = config.input
  if (growFrom === 0 || progress >= growEnd) return full
  const share = Math.max(0, (progress - growStart) / Math.max(growEnd - growStart, Number.EPSILON))
  const side = Math.round((growFrom + share * (full[0] - growFrom)) / 32) * 32
  return [side, side]
}
