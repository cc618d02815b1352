// Choices of the augmentation and of the views that an evaluation takes, with the words that forms and help show.
import type { ChoiceRecord } from './choice-record.ts'

export const trainingCrops = {
  none: { label: 'None', help: 'Pictures already have the size of the input.' },
  'random-resized': {
    label: 'Random resized crop',
    help: 'A crop of random area and shape, resized to the input.',
    paper: 'Szegedy et al. 2014',
  },
  'random-crop': {
    label: 'Random scale and crop',
    help: 'The shorter side is resized to a random length, then a crop of the input size is cut at random.',
    paper: 'Simonyan and Zisserman 2014',
  },
} as const satisfies Record<string, ChoiceRecord>

/** Pillow's filters widen their support when they shrink; TensorFlow's do not, and alias. */
export const interpolations = {
  nearest: { label: 'Nearest', help: "Pillow's NEAREST." },
  box: { label: 'Box', help: "Pillow's BOX." },
  bilinear: { label: 'Bilinear', help: "Pillow's BILINEAR, antialiased." },
  hamming: { label: 'Hamming', help: "Pillow's HAMMING, antialiased." },
  bicubic: { label: 'Bicubic', help: "Pillow's BICUBIC, antialiased." },
  lanczos: { label: 'Lanczos', help: "Pillow's LANCZOS, antialiased." },
  random: { label: 'Random', help: "Bilinear or bicubic for each picture, timm's default in training." },
  'tf-bilinear': { label: 'TensorFlow bilinear', help: 'tf.image.resize without antialiasing.' },
  'tf-bicubic': { label: 'TensorFlow bicubic', help: 'tf.image.resize without antialiasing.' },
  'tf-area': { label: 'TensorFlow area', help: 'tf.image.resize by area.' },
} as const satisfies Record<string, ChoiceRecord>

export const flips = {
  none: { label: 'None', help: 'Pictures are never mirrored.' },
  random: { label: 'Random', help: 'Each picture is mirrored with probability one half.' },
  alternating: {
    label: 'Alternating',
    help: 'Random in the first epoch, then all pictures flip every other epoch.',
    paper: 'Jordan 2024',
  },
} as const satisfies Record<string, ChoiceRecord>

export const augmentationPolicies = {
  none: { label: 'None', help: 'No policy.' },
  'trivial-wide': {
    label: 'TrivialAugment Wide',
    help: 'One operation at a random magnitude.',
    paper: 'Müller and Hutter 2021',
  },
  'rand-torchvision': {
    label: 'RandAugment (torchvision)',
    help: 'Operations drawn with replacement, all at one magnitude.',
    paper: 'Cubuk et al. 2019',
  },
  'rand-timm': {
    label: 'RandAugment (timm)',
    help: 'Each operation by chance, the magnitude with noise.',
    paper: 'Cubuk et al. 2019',
  },
  'auto-imagenet': {
    label: 'AutoAugment ImageNet (torchvision)',
    help: 'One of 25 pairs of operations learned on ImageNet.',
    paper: 'Cubuk et al. 2018',
  },
  'auto-cifar10': {
    label: 'AutoAugment CIFAR-10 (torchvision)',
    help: 'One of 25 pairs of operations learned on CIFAR-10.',
    paper: 'Cubuk et al. 2018',
  },
  'auto-svhn': {
    label: 'AutoAugment SVHN (torchvision)',
    help: 'One of 25 pairs of operations learned on SVHN.',
    paper: 'Cubuk et al. 2018',
  },
  'auto-timm-original': {
    label: 'AutoAugment (timm, original)',
    help: "The paper's pairs for ImageNet with timm's levels.",
    paper: 'Cubuk et al. 2018',
  },
  'auto-timm-v0': {
    label: 'AutoAugment v0 (timm)',
    help: 'The pairs of the TPU EfficientNet code.',
    paper: 'Cubuk et al. 2018',
  },
  augmix: {
    label: 'AugMix (timm)',
    help: 'Chains of operations, mixed and blended with the picture.',
    paper: 'Hendrycks et al. 2019',
  },
} as const satisfies Record<string, ChoiceRecord>

export const mixingReferences = {
  timm: { label: 'Reversed batch (timm)', help: 'The batch is mixed with its own reverse.' },
  torchvision: { label: 'Rolled batch (torchvision)', help: 'The batch is rolled by one.' },
  'big-vision': {
    label: 'Rolled batch (big_vision)',
    help: 'Rolled by one, the larger share stays with the picture; Mixup only.',
  },
} as const satisfies Record<string, ChoiceRecord>

export const testAugmentations = {
  none: { label: 'One view', help: 'The middle of the picture.' },
  mirror: { label: 'Mirror', help: 'Mean of the logits of the picture and its mirror image.' },
  'mirror-translate': {
    label: 'Mirror and shift',
    help: 'Six views: left-right times none and two one-pixel diagonal shifts.',
    paper: 'Jordan 2024',
  },
  'five-crop': { label: '5-crop', help: 'Mean of the probabilities of the four corners and the middle.' },
  'ten-crop': {
    label: '10-crop',
    help: 'Mean of the probabilities of the four corners and the middle, and of their mirror images.',
    paper: 'Krizhevsky et al. 2012',
  },
} as const satisfies Record<string, ChoiceRecord>

/** How the shape of a test picture becomes that of the input. */
export const testGeometries = {
  center: { label: 'Resize, then middle', help: 'The shorter side is resized, the middle is cut (torchvision, timm).' },
  squash: { label: 'Squash', help: 'Both sides are resized whatever the shape, the middle is cut (timm).' },
  border: { label: 'Border', help: 'The whole picture is fitted in, with a border in the mean colour (timm).' },
  'crop-first': {
    label: 'Middle, then resize',
    help: 'The middle of the original is cut, then resized, with 32 px for the border (TPU EfficientNet).',
  },
} as const satisfies Record<string, ChoiceRecord>

export type TestAugmentationName = keyof typeof testAugmentations
export type InterpolationName = keyof typeof interpolations
