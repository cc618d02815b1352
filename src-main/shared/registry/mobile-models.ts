// MobileNets and EfficientNets. Counts are those that torchvision publishes with its weights; of B2 at the paper's 260 pixels
// (torchvision evaluates at 288), and of the Lite networks those of timm's definition. The EfficientNet papers state MACs
// slightly higher (0.39 to 37 billion for B0 to B7; 407 to 2640 million for Lite0 to Lite4).
import { imageNet, type ModelRecord } from './model-record.ts'

const mobileNetV3 = {
  family: 'mobilenet',
  paper: 'Howard et al. 2019',
  url: 'https://arxiv.org/abs/1905.02244',
  dropout: 0.2,
  ...imageNet(224),
} as const
const tan = {
  family: 'efficientnet',
  paper: 'Tan and Le 2019',
  url: 'https://arxiv.org/abs/1905.11946',
  dropPath: 0.2,
} as const
const tensorFlow = (index: number) => ({ ...tan, label: `EfficientNet-B${index} (TensorFlow)` }) as const
const lite = {
  ...tan,
  paper: 'Tan and Le 2019, Lite 2020',
  url: 'https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite',
} as const

// Per size: what torchvision's and TensorFlow's form have in common.
const b0 = { parameters: 5_288_548, macsMillions: 385.8, dropout: 0.2, ...imageNet(224) } as const
const b1 = { parameters: 7_794_184, macsMillions: 686.8, dropout: 0.2, ...imageNet(240) } as const
const b2 = { parameters: 9_109_994, macsMillions: 993.6, dropout: 0.3, ...imageNet(260) } as const
const b3 = { parameters: 12_233_232, macsMillions: 1827.1, dropout: 0.3, ...imageNet(300) } as const
const b4 = { parameters: 19_341_616, macsMillions: 4393.8, dropout: 0.4, ...imageNet(380) } as const
const b5 = { parameters: 30_389_784, macsMillions: 10266.4, dropout: 0.4, ...imageNet(456) } as const
const b6 = { parameters: 43_040_704, macsMillions: 19067.6, dropout: 0.5, ...imageNet(528) } as const
const b7 = { parameters: 66_347_960, macsMillions: 37745.9, dropout: 0.5, ...imageNet(600) } as const

export const mobileModels = {
  'mobilenet-v2': {
    label: 'MobileNetV2',
    family: 'mobilenet',
    paper: 'Sandler et al. 2018',
    url: 'https://arxiv.org/abs/1801.04381',
    ...imageNet(224),
    parameters: 3_504_872,
    macsMillions: 300.8,
    dropout: 0.2,
  },
  'mobilenet-v3-large': { label: 'MobileNetV3-L', parameters: 5_483_032, macsMillions: 216.6, ...mobileNetV3 },
  'mobilenet-v3-small': { label: 'MobileNetV3-S', parameters: 2_542_856, macsMillions: 56.5, ...mobileNetV3 },
  'efficientnet-b0': { label: 'EfficientNet-B0', ...tan, ...b0 },
  'efficientnet-b1': { label: 'EfficientNet-B1', ...tan, ...b1 },
  'efficientnet-b2': { label: 'EfficientNet-B2', ...tan, ...b2 },
  'efficientnet-b3': { label: 'EfficientNet-B3', ...tan, ...b3 },
  'efficientnet-b4': { label: 'EfficientNet-B4', ...tan, ...b4 },
  'efficientnet-b5': { label: 'EfficientNet-B5', ...tan, ...b5 },
  'efficientnet-b6': { label: 'EfficientNet-B6', ...tan, ...b6 },
  'efficientnet-b7': { label: 'EfficientNet-B7', ...tan, ...b7 },
  'tf-efficientnet-b0': { ...tensorFlow(0), ...b0 },
  'tf-efficientnet-b1': { ...tensorFlow(1), ...b1 },
  'tf-efficientnet-b2': { ...tensorFlow(2), ...b2 },
  'tf-efficientnet-b3': { ...tensorFlow(3), ...b3 },
  'tf-efficientnet-b4': { ...tensorFlow(4), ...b4 },
  'tf-efficientnet-b5': { ...tensorFlow(5), ...b5 },
  'tf-efficientnet-b6': { ...tensorFlow(6), ...b6 },
  'tf-efficientnet-b7': { ...tensorFlow(7), ...b7 },
  'efficientnet-lite0': {
    label: 'EfficientNet-Lite0',
    ...lite,
    ...imageNet(224),
    parameters: 4_652_008,
    macsMillions: 385.2,
    dropout: 0.2,
  },
  'efficientnet-lite1': {
    label: 'EfficientNet-Lite1',
    ...lite,
    ...imageNet(240),
    parameters: 5_416_680,
    macsMillions: 600.2,
    dropout: 0.2,
  },
  'efficientnet-lite2': {
    label: 'EfficientNet-Lite2',
    ...lite,
    ...imageNet(260),
    parameters: 6_092_072,
    macsMillions: 859.7,
    dropout: 0.3,
  },
  'efficientnet-lite3': {
    label: 'EfficientNet-Lite3',
    ...lite,
    ...imageNet(280),
    parameters: 8_197_096,
    macsMillions: 1383.3,
    dropout: 0.3,
  },
  'efficientnet-lite4': {
    label: 'EfficientNet-Lite4',
    ...lite,
    ...imageNet(300),
    parameters: 13_006_568,
    macsMillions: 2553.0,
    dropout: 0.3,
  },
  'efficientnet-v2-s': {
    label: 'EfficientNetV2-S',
    family: 'efficientnet',
    paper: 'Tan and Le 2021',
    url: 'https://arxiv.org/abs/2104.00298',
    ...imageNet(384),
    parameters: 21_458_488,
    macsMillions: 8365.6,
    dropout: 0.2,
    dropPath: 0.2,
  },
} as const satisfies Record<string, ModelRecord>
