// How the pictures of ImageNet are prepared for the published weights of each architecture: torchvision's presets for its
// own weights, timm's default configurations for its ports, DeiT's and ConvNeXt's main.py, big_vision's config.
import { RepriseError } from '../../shared/errors.ts'
import { type ModelName, models } from '../../shared/registry/models.ts'
import {
  type EvaluationTransform,
  imagenetNormalization,
  type PixelNormalization,
  symmetricNormalization,
  timmGeometry,
} from '../data/transforms/evaluation-transform.ts'
import type { ResampleFilter } from '../data/transforms/resample-plan.ts'

interface ReferencePreset {
  /** The shorter side is resized to this many pixels, or to the size over this fraction, rounded down as timm does. */
  resize: number | { cropFraction: number }
  filter: ResampleFilter
  normalization?: PixelNormalization
}

const torchvision: ReferencePreset = { resize: 256, filter: 'bilinear' }
const timm = (cropFraction: number, more: Partial<ReferencePreset> = {}): ReferencePreset => ({
  resize: { cropFraction },
  filter: 'bicubic',
  ...more,
})
const bicubic = (resize: number): ReferencePreset => ({ resize, filter: 'bicubic' })
// The PyTorch port on PyPI computes (x - 127) / 128, TensorFlow's own code too.
const lite: Partial<ReferencePreset> = {
  normalization: { divisor: 1, mean: [127, 127, 127], std: [128, 128, 128] },
}
const symmetric: Partial<ReferencePreset> = { normalization: symmetricNormalization }

/** Architectures that depart from torchvision's 256 bilinear. */
const presets: Partial<Record<ModelName, ReferencePreset>> = {
  'resnet18-d': timm(0.875),
  'resnet34-d': timm(0.875),
  'resnet50-c': timm(0.875),
  'resnet50-d': timm(0.875),
  'resnet50-s': timm(0.875),
  'resnet50-t': timm(0.875),
  'resnet101-d': timm(0.95),
  'efficientnet-b0': bicubic(256),
  'efficientnet-b1': bicubic(256),
  'efficientnet-b2': bicubic(288),
  'efficientnet-b3': bicubic(320),
  'efficientnet-b4': bicubic(384),
  'efficientnet-b5': bicubic(456),
  'efficientnet-b6': bicubic(528),
  'efficientnet-b7': bicubic(600),
  'tf-efficientnet-b0': timm(0.875),
  'tf-efficientnet-b1': timm(0.882),
  'tf-efficientnet-b2': timm(0.89),
  'tf-efficientnet-b3': timm(0.904),
  'tf-efficientnet-b4': timm(0.922),
  'tf-efficientnet-b5': timm(0.934),
  'tf-efficientnet-b6': timm(0.942),
  'tf-efficientnet-b7': timm(0.949),
  'efficientnet-lite0': timm(0.875, lite),
  'efficientnet-lite1': timm(0.882, lite),
  'efficientnet-lite2': timm(0.89, lite),
  'efficientnet-lite3': timm(0.904, { ...lite, filter: 'bilinear' }),
  'efficientnet-lite4': timm(0.92, { ...lite, filter: 'bilinear' }),
  'efficientnet-v2-s': { resize: 384, filter: 'bilinear' },
  'vit-tiny-patch16': timm(0.9, symmetric),
  'vit-small-patch16': timm(0.9, symmetric),
  'vit-base-patch16': timm(0.9, symmetric),
  'vit-large-patch16': timm(0.9, symmetric),
  'vit-small-patch16-plain': { resize: 256, filter: 'box', ...symmetric },
  'deit-tiny-patch16': bicubic(256),
  'deit-small-patch16': bicubic(256),
  'deit-base-patch16': bicubic(256),
  'convnext-tiny': bicubic(256),
  'convnext-small': bicubic(256),
  'convnext-base': bicubic(256),
}

const smallestImageNetInput = 128

/**
 * The transform of the published weights; for an input of another `size` the resize keeps its proportion to it, rounded down
 * as in DeiT's datasets.py. Throws `usage` for networks of small pictures, which are prepared as the run says that trained
 * them.
 */
export function referenceTransform(name: ModelName, size: number = models[name].input[0]): EvaluationTransform {
  const { label, input } = models[name]
  if (input[0] < smallestImageNetInput) {
    throw new RepriseError({
      code: 'usage',
      message: `${label} takes pictures of ${input.join(' x ')}, prepared as in the run that trained it.`,
      expected: 'an architecture for ImageNet',
      found: name,
      fix: 'Choose one of those with an input of 224 or more in "reprise models list".',
    })
  }
  const { resize, filter, normalization = imagenetNormalization } = presets[name] ?? torchvision
  const geometry =
    typeof resize === 'number'
      ? ({ mode: 'center', resize: Math.floor((resize * size) / input[0]), crop: [size, size] } as const)
      : timmGeometry([size, size], resize.cropFraction, 'center')
  return { geometry, filter, normalization }
}
