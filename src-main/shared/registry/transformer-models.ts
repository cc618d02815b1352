// Vision transformers, and ConvNeXt with their training. Counts as torchvision and timm publish them, attention included.
import { imageNet, type ModelRecord } from './model-record.ts'

const vit = {
  family: 'vit',
  paper: 'Dosovitskiy et al. 2020',
  url: 'https://arxiv.org/abs/2010.11929',
  ...imageNet(224),
} as const
const deit = { ...vit, paper: 'Touvron et al. 2020', url: 'https://arxiv.org/abs/2012.12877', dropPath: 0.1 } as const
const convNext = {
  family: 'convnext',
  paper: 'Liu et al. 2022',
  url: 'https://arxiv.org/abs/2201.03545',
  ...imageNet(224),
} as const

const tiny = { parameters: 5_717_416, macsMillions: 1253.7 } as const
const small = { parameters: 22_050_664, macsMillions: 4598.9 } as const
const base = { parameters: 86_567_656, macsMillions: 17563.8 } as const

export const transformerModels = {
  'vit-tiny-patch16': { label: 'ViT-Ti/16', ...vit, ...tiny },
  'vit-small-patch16': { label: 'ViT-S/16', ...vit, ...small },
  'vit-base-patch16': { label: 'ViT-B/16', ...vit, ...base },
  'vit-large-patch16': { label: 'ViT-L/16', ...vit, parameters: 304_326_632, macsMillions: 61554.7 },
  'vit-b-16-torchvision': { label: 'ViT-B/16 (torchvision)', ...vit, ...base },
  // Mean of the tokens, fixed positions, tanh layer before the head.
  'vit-small-patch16-plain': {
    label: 'ViT-S/16 (better plain)',
    ...vit,
    paper: 'Beyer et al. 2022',
    url: 'https://arxiv.org/abs/2205.01580',
    parameters: 22_122_472,
    macsMillions: 4574.2,
  },
  'deit-tiny-patch16': { label: 'DeiT-Ti/16', ...deit, ...tiny },
  'deit-small-patch16': { label: 'DeiT-S/16', ...deit, ...small },
  'deit-base-patch16': { label: 'DeiT-B/16', ...deit, ...base },
  'convnext-tiny': {
    label: 'ConvNeXt-T',
    ...convNext,
    parameters: 28_589_128,
    macsMillions: 4455.5,
    dropPath: 0.1,
  },
  'convnext-small': {
    label: 'ConvNeXt-S',
    ...convNext,
    parameters: 50_223_688,
    macsMillions: 8683.7,
    dropPath: 0.4,
  },
  'convnext-base': {
    label: 'ConvNeXt-B',
    ...convNext,
    parameters: 88_591_464,
    macsMillions: 15354.7,
    dropPath: 0.5,
  },
} as const satisfies Record<string, ModelRecord>
