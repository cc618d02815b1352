// Static facts about every architecture. The builders live in engine/nn/models, keyed by these names, so that a record
// without a builder does not compile.

export interface ModelRecord {
  /** What a reader calls it. */
  label: string
  family: 'lenet' | 'cifar-resnet' | 'airbench'
  paper: string
  url: string
  /** Input the network is defined for: height, width, channels. */
  input: readonly [height: number, width: number, channels: number]
  /** Trainable parameters for `classes` classes (published count where the paper gives one). */
  parameters: number
  /** Multiply-accumulates of one forward pass at `input`, in millions. */
  macsMillions: number
  classes: number
}

const he = {
  family: 'cifar-resnet',
  paper: 'He et al. 2015',
  url: 'https://arxiv.org/abs/1512.03385',
  input: [32, 32, 3],
  classes: 10,
} as const

export const models = {
  lenet5: {
    label: 'LeNet-5',
    family: 'lenet',
    paper: 'LeCun et al. 1998',
    url: 'http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf',
    input: [32, 32, 1],
    parameters: 60_850,
    macsMillions: 0.34,
    classes: 10,
  },
  'resnet20-cifar': { label: 'ResNet-20', parameters: 269_722, macsMillions: 40.6, ...he },
  'resnet32-cifar': { label: 'ResNet-32', parameters: 464_154, macsMillions: 68.9, ...he },
  'resnet44-cifar': { label: 'ResNet-44', parameters: 658_586, macsMillions: 97.2, ...he },
  'resnet56-cifar': { label: 'ResNet-56', parameters: 853_018, macsMillions: 125.5, ...he },
  'resnet110-cifar': { label: 'ResNet-110', parameters: 1_727_962, macsMillions: 252.9, ...he },
  airbench94: {
    label: 'airbench94',
    family: 'airbench',
    paper: 'Jordan 2024',
    url: 'https://arxiv.org/abs/2404.00498',
    input: [32, 32, 3],
    parameters: 1_971_352,
    macsMillions: 118.1,
    classes: 10,
  },
} as const satisfies Record<string, ModelRecord>

export type ModelName = keyof typeof models
export const modelNames = Object.keys(models) as ModelName[]
