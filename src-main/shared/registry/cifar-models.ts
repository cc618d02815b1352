// Networks for MNIST and CIFAR pictures.
import type { ModelRecord } from './model-record.ts'

const cifar = { input: [32, 32, 3], classes: 10 } as const
const he = {
  family: 'cifar-resnet',
  paper: 'He et al. 2015',
  url: 'https://arxiv.org/abs/1512.03385',
  ...cifar,
} as const

export const cifarModels = {
  lenet5: {
    label: 'LeNet-5',
    family: 'lenet',
    paper: 'LeCun et al. 1998',
    url: 'http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf',
    input: [32, 32, 1],
    parameters: 60_850,
    // The paper's 340,908 connections, without those of biases and subsampling: 4,704 + 5,880 + 1,600 + 2,000 + 120 + 84.
    macsMillions: 0.32652,
    classes: 10,
  },
  'resnet20-cifar': { label: 'ResNet-20', parameters: 269_722, macsMillions: 40.6, ...he },
  'resnet32-cifar': { label: 'ResNet-32', parameters: 464_154, macsMillions: 68.9, ...he },
  'resnet44-cifar': { label: 'ResNet-44', parameters: 658_586, macsMillions: 97.2, ...he },
  'resnet56-cifar': { label: 'ResNet-56', parameters: 853_018, macsMillions: 125.5, ...he },
  'resnet110-cifar': { label: 'ResNet-110', parameters: 1_727_962, macsMillions: 252.9, ...he },
  // Projection shortcuts add 2,752 parameters to each.
  'resnet20-cifar-b': { label: 'ResNet-20 (option B)', parameters: 272_474, macsMillions: 40.8, ...he },
  'resnet56-cifar-b': { label: 'ResNet-56 (option B)', parameters: 855_770, macsMillions: 125.7, ...he },
  'resnet110-cifar-b': { label: 'ResNet-110 (option B)', parameters: 1_730_714, macsMillions: 253.1, ...he },
  'resnet18-cifar': { label: 'ResNet-18 (CIFAR)', parameters: 11_173_962, macsMillions: 555.4, ...he },
  'wrn-28-10': {
    label: 'WRN-28-10',
    family: 'wide-resnet',
    paper: 'Zagoruyko and Komodakis 2016',
    url: 'https://arxiv.org/abs/1605.07146',
    parameters: 36_479_194,
    macsMillions: 5243.3,
    ...cifar,
  },
  airbench94: {
    label: 'airbench94',
    family: 'airbench',
    paper: 'Jordan 2024',
    url: 'https://arxiv.org/abs/2404.00498',
    parameters: 1_971_352,
    macsMillions: 118.1,
    ...cifar,
  },
} as const satisfies Record<string, ModelRecord>
