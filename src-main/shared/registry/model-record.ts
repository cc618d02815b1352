// What the registry knows of an architecture.

type ModelFamily =
  | 'lenet'
  | 'cifar-resnet'
  | 'airbench'
  | 'wide-resnet'
  | 'resnet'
  | 'vgg'
  | 'densenet'
  | 'squeezenet'
  | 'mobilenet'
  | 'efficientnet'
  | 'vit'
  | 'convnext'

export interface ModelRecord {
  /** What a reader calls it. */
  label: string
  family: ModelFamily
  paper: string
  url: string
  /** Input the network is defined for: height, width, channels. */
  input: readonly [height: number, width: number, channels: number]
  /** Trainable parameters for `classes` classes (published count where the paper gives one). */
  parameters: number
  /**
   * Multiply-accumulates of one forward pass at `input`, in millions: convolutions and matrix products, attention included,
   * as torchvision and timm state them. Papers round, and some count less or more; a record says where.
   */
  macsMillions: number
  classes: number
  /** Rate of dropout in training, where the reference has it on; 0 without. */
  dropout?: number
  /** Rate of stochastic depth at the last block, where the reference has it on; 0 without. */
  dropPath?: number
}

/** Input and classes of ImageNet-1k models. */
export const imageNet = (size: number) => ({ input: [size, size, 3], classes: 1000 }) as const
