// Shallow networks by the design functions of the registry, each as tools/oracle/shallow_networks.py or initial_values.py has it.
import type { ModelOptions } from '../nn/model-options.ts'
import { cifarResNet } from '../nn/models/cifar-resnet.ts'
import { denseNet } from '../nn/models/densenet.ts'
import { type EfficientNetDesign, efficientNet, efficientNetV2S } from '../nn/models/efficientnet.ts'
import { efficientNetLite } from '../nn/models/efficientnet-lite.ts'
import { type ResNetDesign, resNet } from '../nn/models/resnet.ts'
import { vggBatchNorm } from '../nn/models/vgg.ts'
import { visionTransformer } from '../nn/models/vit.ts'
import { wideResNet } from '../nn/models/wide-resnet.ts'
import type { Network } from '../nn/parameters.ts'

type Build = [classes: number, seed: number, options: ModelOptions]

const bottleneck = (design: Partial<ResNetDesign> = {}) => {
  return (...build: Build) => resNet({ block: 'bottleneck', depths: [1, 2, 1, 1], ...design }, ...build)
}
const timm = (block: ResNetDesign['block'], design: Partial<ResNetDesign>) => {
  return (...build: Build) => resNet({ block, depths: [1, 1, 1, 1], ...design }, ...build)
}
const c = { stem: [32, 32, 64] } as const
const s = { stem: [64, 64, 128] } as const
const t = { stem: [24, 32, 64] } as const
const averagePool = { averagePoolShortcut: true } as const

const shallowV2: EfficientNetDesign = {
  stem: 8,
  stages: [
    { block: 'fused', expansion: 1, kernel: 3, stride: 1, channels: 8, count: 1 },
    { block: 'fused', expansion: 4, kernel: 3, stride: 2, channels: 16, count: 2 },
    { block: 'mbconv', expansion: 4, kernel: 3, stride: 2, channels: 24, count: 2 },
  ],
  head: 64,
  style: efficientNetV2S.style,
}

/** By name; options without a resolution take 224. */
export const shallowBuilders: Record<string, (...build: Build) => Network> = {
  bottleneck: bottleneck(),
  'bottleneck-v1': bottleneck({ strideAt: 'conv1' }),
  'bottleneck-32x4d': bottleneck({ groups: 32, widthPerGroup: 4 }),
  'bottleneck-wide': bottleneck({ widthPerGroup: 128 }),
  'bottleneck-c': timm('bottleneck', c),
  'bottleneck-d': timm('bottleneck', { ...c, ...averagePool }),
  'bottleneck-e': timm('bottleneck', { ...s, ...averagePool }),
  'bottleneck-s': timm('bottleneck', s),
  'bottleneck-t': timm('bottleneck', { ...t, ...averagePool }),
  'basic-d': timm('basic', { ...c, ...averagePool }),
  'basic-cifar': timm('basic', { stem: 'cifar', names: { shortcut: 'shortcut', head: 'linear' } }),
  'cifar-b': (...build) => cifarResNet(8, 'B', ...build),
  densenet: (...build) => denseNet([2, 2, 2, 2], ...build),
  'wide-resnet': (...build) => wideResNet(16, 2, ...build),
  vgg: (...build) => vggBatchNorm({ stages: [[4], [4], [4, 8], [8], [8]], hidden: 16 }, ...build),
  'efficientnet-lite': (...build) => efficientNetLite([0.25, 0.5], ...build),
  'efficientnet-v2': (...build) => efficientNet(shallowV2, ...build),
  'vit-torchvision': (...build) =>
    visionTransformer({ width: 48, depth: 2, heads: 3, patch: 16, form: 'torchvision' }, ...build),
  'vit-big-vision': (...build) =>
    visionTransformer({ width: 192, depth: 1, heads: 3, patch: 16, form: 'big-vision' }, ...build),
}
