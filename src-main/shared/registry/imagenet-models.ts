// Residual and plain convolutional networks for ImageNet. Counts of parameters and multiply-accumulates are those that
// torchvision publishes with its weights, of ResNet-C, -D, -S and -T those of timm's definitions; v1 follows from the
// definition (the papers round: 3.8, 7.6 and 11.3 billion for ResNet-50, -101 and -152).
import { imageNet, type ModelRecord } from './model-record.ts'

const he = {
  family: 'resnet',
  paper: 'He et al. 2015',
  url: 'https://arxiv.org/abs/1512.03385',
  ...imageNet(224),
} as const

// S and T are timm's, on the paper's C and D.
const bagOfTricks = { ...he, paper: 'He et al. 2018', url: 'https://arxiv.org/abs/1812.01187' } as const

export const imageNetModels = {
  resnet18: { label: 'ResNet-18', parameters: 11_689_512, macsMillions: 1814.1, ...he },
  resnet34: { label: 'ResNet-34', parameters: 21_797_672, macsMillions: 3663.8, ...he },
  resnet50: { label: 'ResNet-50 (v1.5)', parameters: 25_557_032, macsMillions: 4089.2, ...he },
  resnet101: { label: 'ResNet-101 (v1.5)', parameters: 44_549_160, macsMillions: 7801.4, ...he },
  resnet152: { label: 'ResNet-152 (v1.5)', parameters: 60_192_808, macsMillions: 11513.6, ...he },
  'resnet50-v1': { label: 'ResNet-50 (v1)', parameters: 25_557_032, macsMillions: 3858.0, ...he },
  'resnet101-v1': { label: 'ResNet-101 (v1)', parameters: 44_549_160, macsMillions: 7570.2, ...he },
  'resnet152-v1': { label: 'ResNet-152 (v1)', parameters: 60_192_808, macsMillions: 11282.4, ...he },
  'resnet18-d': { label: 'ResNet-18-D', parameters: 11_708_744, macsMillions: 2053.7, ...bagOfTricks },
  'resnet34-d': { label: 'ResNet-34-D', parameters: 21_816_904, macsMillions: 3903.4, ...bagOfTricks },
  'resnet50-c': { label: 'ResNet-50-C', parameters: 25_576_264, macsMillions: 4328.8, ...bagOfTricks },
  'resnet50-d': { label: 'ResNet-50-D', parameters: 25_576_264, macsMillions: 4328.8, ...bagOfTricks },
  'resnet50-s': { label: 'ResNet-50-S', parameters: 25_680_808, macsMillions: 5444.3, ...bagOfTricks },
  // timm's code has 24, 32 and 64 channels in this stem where the comment of its class says 24, 48 and 64.
  'resnet50-t': { label: 'ResNet-50-T', parameters: 25_573_728, macsMillions: 4297.2, ...bagOfTricks },
  'resnet101-d': {
    label: 'ResNet-101-D',
    ...bagOfTricks,
    // timm's size for it.
    ...imageNet(256),
    parameters: 44_568_392,
    macsMillions: 10502.0,
  },
  'resnext50-32x4d': {
    label: 'ResNeXt-50 32x4d',
    ...he,
    paper: 'Xie et al. 2016',
    url: 'https://arxiv.org/abs/1611.05431',
    parameters: 25_028_904,
    macsMillions: 4230.5,
  },
  'wide-resnet50-2': {
    label: 'Wide ResNet-50-2',
    ...he,
    paper: 'Zagoruyko and Komodakis 2016',
    url: 'https://arxiv.org/abs/1605.07146',
    parameters: 68_883_240,
    macsMillions: 11398.0,
  },
  'vgg16-bn': {
    label: 'VGG-16 with batch normalisation',
    family: 'vgg',
    paper: 'Simonyan and Zisserman 2014',
    url: 'https://arxiv.org/abs/1409.1556',
    ...imageNet(224),
    parameters: 138_365_992,
    macsMillions: 15470.3,
    dropout: 0.5,
  },
  densenet121: {
    label: 'DenseNet-121',
    family: 'densenet',
    paper: 'Huang et al. 2016',
    url: 'https://arxiv.org/abs/1608.06993',
    ...imageNet(224),
    parameters: 7_978_856,
    macsMillions: 2834.2,
  },
  'squeezenet1-1': {
    label: 'SqueezeNet 1.1',
    family: 'squeezenet',
    paper: 'Iandola et al. 2016',
    url: 'https://arxiv.org/abs/1602.07360',
    ...imageNet(224),
    parameters: 1_235_496,
    macsMillions: 349.2,
    dropout: 0.5,
  },
} as const satisfies Record<string, ModelRecord>
