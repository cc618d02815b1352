// Builders by registry name; a model that is registered without one does not compile.
import { type ModelName, type ModelRecord, modelNames, models } from '../../shared/registry/models.ts'
import { torchDefault } from './initialisers.ts'
import type { ModelOptions } from './model-options.ts'
import { airbench94 } from './models/airbench.ts'
import { cifarResNet } from './models/cifar-resnet.ts'
import { type ConvNextDesign, convNext } from './models/convnext.ts'
import { denseNet } from './models/densenet.ts'
import { efficientNet, efficientNetB, efficientNetV2S, scalings } from './models/efficientnet.ts'
import { efficientNetLite } from './models/efficientnet-lite.ts'
import { lenet5 } from './models/lenet.ts'
import { mobileNetV2 } from './models/mobilenet-v2.ts'
import { mobileNetV3 } from './models/mobilenet-v3.ts'
import { type ResNetDesign, resNet } from './models/resnet.ts'
import { squeezeNet } from './models/squeezenet.ts'
import { vgg16, vggBatchNorm } from './models/vgg.ts'
import { type VitDesign, visionTransformer } from './models/vit.ts'
import { wideResNet } from './models/wide-resnet.ts'
import type { Network } from './parameters.ts'

/** Options left out take the values of the model's record. */
export type ModelBuilder = (classes: number, seed: number, options?: ModelOptions) => Network

type Architecture = (classes: number, seed: number, options: ModelOptions) => Network

const cifar =
  (depth: number, shortcuts: 'A' | 'B' = 'A'): Architecture =>
  (...build) =>
    cifarResNet(depth, shortcuts, ...build)

const basic = (depths: ResNetDesign['depths'], design: Partial<ResNetDesign> = {}): Architecture => {
  return (...build) => resNet({ block: 'basic', depths, ...design }, ...build)
}
const bottleneck = (depths: ResNetDesign['depths'], design: Partial<ResNetDesign> = {}): Architecture => {
  return (...build) => resNet({ block: 'bottleneck', depths, ...design }, ...build)
}
const depths50 = [3, 4, 6, 3] as const
const depths101 = [3, 4, 23, 3] as const
const depths152 = [3, 8, 36, 3] as const
const v1 = { strideAt: 'conv1' } as const
const c = { stem: [32, 32, 64] } as const
const d = { ...c, averagePoolShortcut: true } as const
const s = { stem: [64, 64, 128] } as const
const t = { stem: [24, 32, 64], averagePoolShortcut: true } as const

const efficient =
  (index: number, reference: 'torchvision' | 'tensorflow'): Architecture =>
  (...build) =>
    efficientNet(efficientNetB(index, reference), ...build)
const lite =
  (index: number): Architecture =>
  (...build) =>
    efficientNetLite(scalings[index] ?? scalings[0], ...build)

const vit =
  (width: number, depth: number, heads: number, form: VitDesign['form'] = 'timm'): Architecture =>
  (...build) =>
    visionTransformer({ width, depth, heads, patch: 16, form }, ...build)
const vitTiny = vit(192, 12, 3)
const vitSmall = vit(384, 12, 6)
const vitBase = vit(768, 12, 12)

const next = (depths: ConvNextDesign['depths'], channels: ConvNextDesign['channels']): Architecture => {
  return (...build) => convNext({ depths, channels }, ...build)
}

const architectures: Record<ModelName, Architecture> = {
  lenet5,
  'resnet20-cifar': cifar(20),
  'resnet32-cifar': cifar(32),
  'resnet44-cifar': cifar(44),
  'resnet56-cifar': cifar(56),
  'resnet110-cifar': cifar(110),
  'resnet20-cifar-b': cifar(20, 'B'),
  'resnet56-cifar-b': cifar(56, 'B'),
  'resnet110-cifar-b': cifar(110, 'B'),
  // kuangliu/pytorch-cifar's, which leaves PyTorch's initial values.
  'resnet18-cifar': basic([2, 2, 2, 2], {
    stem: 'cifar',
    initialise: torchDefault,
    names: { shortcut: 'shortcut', head: 'linear' },
  }),
  'wrn-28-10': (...build) => wideResNet(28, 10, ...build),
  airbench94,
  resnet18: basic([2, 2, 2, 2]),
  resnet34: basic(depths50),
  resnet50: bottleneck(depths50),
  resnet101: bottleneck(depths101),
  resnet152: bottleneck(depths152),
  'resnet50-v1': bottleneck(depths50, v1),
  'resnet101-v1': bottleneck(depths101, v1),
  'resnet152-v1': bottleneck(depths152, v1),
  'resnet18-d': basic([2, 2, 2, 2], d),
  'resnet34-d': basic(depths50, d),
  'resnet50-c': bottleneck(depths50, c),
  'resnet50-d': bottleneck(depths50, d),
  'resnet50-s': bottleneck(depths50, s),
  'resnet50-t': bottleneck(depths50, t),
  'resnet101-d': bottleneck(depths101, d),
  'resnext50-32x4d': bottleneck(depths50, { groups: 32, widthPerGroup: 4 }),
  'wide-resnet50-2': bottleneck(depths50, { widthPerGroup: 128 }),
  'vgg16-bn': (...build) => vggBatchNorm(vgg16, ...build),
  densenet121: (...build) => denseNet([6, 12, 24, 16], ...build),
  'squeezenet1-1': squeezeNet,
  'mobilenet-v2': mobileNetV2,
  'mobilenet-v3-large': (...build) => mobileNetV3('large', ...build),
  'mobilenet-v3-small': (...build) => mobileNetV3('small', ...build),
  'efficientnet-b0': efficient(0, 'torchvision'),
  'efficientnet-b1': efficient(1, 'torchvision'),
  'efficientnet-b2': efficient(2, 'torchvision'),
  'efficientnet-b3': efficient(3, 'torchvision'),
  'efficientnet-b4': efficient(4, 'torchvision'),
  'efficientnet-b5': efficient(5, 'torchvision'),
  'efficientnet-b6': efficient(6, 'torchvision'),
  'efficientnet-b7': efficient(7, 'torchvision'),
  'tf-efficientnet-b0': efficient(0, 'tensorflow'),
  'tf-efficientnet-b1': efficient(1, 'tensorflow'),
  'tf-efficientnet-b2': efficient(2, 'tensorflow'),
  'tf-efficientnet-b3': efficient(3, 'tensorflow'),
  'tf-efficientnet-b4': efficient(4, 'tensorflow'),
  'tf-efficientnet-b5': efficient(5, 'tensorflow'),
  'tf-efficientnet-b6': efficient(6, 'tensorflow'),
  'tf-efficientnet-b7': efficient(7, 'tensorflow'),
  'efficientnet-lite0': lite(0),
  'efficientnet-lite1': lite(1),
  'efficientnet-lite2': lite(2),
  'efficientnet-lite3': lite(3),
  'efficientnet-lite4': lite(4),
  'efficientnet-v2-s': (...build) => efficientNet(efficientNetV2S, ...build),
  'vit-tiny-patch16': vitTiny,
  'vit-small-patch16': vitSmall,
  'vit-base-patch16': vitBase,
  'vit-large-patch16': vit(1024, 24, 16),
  'vit-b-16-torchvision': vit(768, 12, 12, 'torchvision'),
  'vit-small-patch16-plain': vit(384, 12, 6, 'big-vision'),
  'deit-tiny-patch16': vitTiny,
  'deit-small-patch16': vitSmall,
  'deit-base-patch16': vitBase,
  'convnext-tiny': next([3, 3, 9, 3], [96, 192, 384, 768]),
  'convnext-small': next([3, 3, 27, 3], [96, 192, 384, 768]),
  'convnext-base': next([3, 3, 27, 3], [128, 256, 512, 1024]),
}

function defaultsOf({ input, dropout = 0, dropPath = 0 }: ModelRecord): ModelOptions {
  return { resolution: input[0], dropout, dropPath }
}

export const modelBuilders = Object.fromEntries(
  modelNames.map((name) => {
    const build: ModelBuilder = (classes, seed, options = {}) =>
      architectures[name](classes, seed, { ...defaultsOf(models[name]), ...options })
    return [name, build]
  }),
) as Record<ModelName, ModelBuilder>
