// What a training step of each model holds in memory, counted from its traced graph: at its own input and with its classes, SGD with
// momentum. Written by tools/measure/model-memory.ts; a test holds it against the graph.
import type { ModelName } from './models.ts'

/** Bytes of each picture of a batch, beside the gradients. */
type PerPicture = readonly [plain: number, checkpointed: number]

export interface ModelMemory {
  /** Operations, oneDNN kernels and XLA functions of a step and an evaluation, see shared/process-memory.ts. */
  graph: readonly [operations: number, kernels: number, fused: number]
  /** Trainable tensors. */
  tensors: number
  fp32: PerPicture
  /** With bfloat16 or float16. */
  half: PerPicture
  evaluation: number
}

export const modelMemory: { readonly [name in ModelName]?: ModelMemory } = {
  lenet5: { graph: [281, 16, 0], tensors: 14, fp32: [52400, 52400], half: [35500, 35500], evaluation: 23500 },
  'resnet20-cifar': {
    graph: [1121, 29, 0],
    tensors: 59,
    fp32: [1650000, 606000],
    half: [836000, 377000],
    evaluation: 197000,
  },
  'resnet32-cifar': {
    graph: [1775, 29, 0],
    tensors: 95,
    fp32: [2570000, 783000],
    half: [1300000, 493000],
    evaluation: 197000,
  },
  'resnet44-cifar': {
    graph: [2429, 29, 0],
    tensors: 131,
    fp32: [3490000, 1010000],
    half: [1760000, 609000],
    evaluation: 197000,
  },
  'resnet56-cifar': {
    graph: [3083, 29, 0],
    tensors: 167,
    fp32: [4400000, 1240000],
    half: [2220000, 726000],
    evaluation: 197000,
  },
  'resnet110-cifar': {
    graph: [6026, 29, 0],
    tensors: 329,
    fp32: [8530000, 2270000],
    half: [4290000, 1250000],
    evaluation: 197000,
  },
  'resnet20-cifar-b': {
    graph: [1203, 35, 0],
    tensors: 65,
    fp32: [1700000, 647000],
    half: [861000, 326000],
    evaluation: 197000,
  },
  'resnet56-cifar-b': {
    graph: [3165, 35, 0],
    tensors: 173,
    fp32: [4450000, 1240000],
    half: [2240000, 627000],
    evaluation: 197000,
  },
  'resnet110-cifar-b': {
    graph: [6108, 35, 0],
    tensors: 335,
    fp32: [8580000, 2270000],
    half: [4310000, 1150000],
    evaluation: 197000,
  },
  'resnet18-cifar': {
    graph: [1146, 47, 0],
    tensors: 62,
    fp32: [5330000, 2440000],
    half: [2760000, 1310000],
    evaluation: 787000,
  },
  'wrn-28-10': {
    graph: [1468, 44, 0],
    tensors: 80,
    fp32: [19800000, 6600000],
    half: [10300000, 3580000],
    evaluation: 1970000,
  },
  airbench94: {
    graph: [375, 28, 8],
    tensors: 14,
    fp32: [1440000, 1440000],
    half: [924000, 924000],
    evaluation: 338000,
  },
  resnet18: {
    graph: [1154, 50, 0],
    tensors: 62,
    fp32: [26300000, 17900000],
    half: [13900000, 9670000],
    evaluation: 6540000,
  },
  resnet34: {
    graph: [2026, 50, 0],
    tensors: 110,
    fp32: [36500000, 19900000],
    half: [19700000, 11300000],
    evaluation: 6540000,
  },
  resnet50: {
    graph: [2907, 107, 0],
    tensors: 161,
    fp32: [91500000, 37700000],
    half: [47400000, 20500000],
    evaluation: 7230000,
  },
  resnet101: {
    graph: [5644, 107, 0],
    tensors: 314,
    fp32: [132000000, 50900000],
    half: [69100000, 28200000],
    evaluation: 7230000,
  },
  resnet152: {
    graph: [8381, 107, 0],
    tensors: 467,
    fp32: [183000000, 67800000],
    half: [95400000, 37600000],
    evaluation: 7230000,
  },
  'resnet50-v1': {
    graph: [2898, 89, 0],
    tensors: 161,
    fp32: [84100000, 36600000],
    half: [43700000, 19900000],
    evaluation: 7230000,
  },
  'resnet101-v1': {
    graph: [5635, 89, 0],
    tensors: 314,
    fp32: [125000000, 50300000],
    half: [65400000, 27900000],
    evaluation: 7230000,
  },
  densenet121: {
    graph: [6601, 395, 0],
    tensors: 364,
    fp32: [130000000, 58800000],
    half: [65400000, 30600000],
    evaluation: 7230000,
  },
  'squeezenet1-1': {
    graph: [769, 53, 0],
    tensors: 52,
    fp32: [22300000, 15700000],
    half: [12100000, 8800000],
    evaluation: 6310000,
  },
  'mobilenet-v2': {
    graph: [2842, 149, 0],
    tensors: 158,
    fp32: [62700000, 25900000],
    half: [47600000, 22900000],
    evaluation: 9810000,
  },
  'mobilenet-v3-small': {
    graph: [2566, 179, 34],
    tensors: 142,
    fp32: [17800000, 7510000],
    half: [14200000, 6290000],
    evaluation: 1870000,
  },
  'efficientnet-b0': {
    graph: [3937, 197, 38],
    tensors: 213,
    fp32: [89800000, 27800000],
    half: [75000000, 23800000],
    evaluation: 9810000,
  },
  'efficientnet-lite0': {
    graph: [2739, 155, 0],
    tensors: 149,
    fp32: [54900000, 20900000],
    half: [47600000, 22600000],
    evaluation: 6020000,
  },
  'vit-tiny-patch16': {
    graph: [3481, 20, 2],
    tensors: 152,
    fp32: [36100000, 5960000],
    half: [24500000, 5290000],
    evaluation: 1360000,
  },
  'vit-small-patch16': {
    graph: [3481, 20, 2],
    tensors: 152,
    fp32: [71500000, 11300000],
    half: [49400000, 11000000],
    evaluation: 2720000,
  },
  'vit-base-patch16': {
    graph: [3481, 20, 2],
    tensors: 152,
    fp32: [143000000, 25300000],
    half: [101000000, 24300000],
    evaluation: 5450000,
  },
  'vit-small-patch16-plain': {
    graph: [3497, 23, 2],
    tensors: 152,
    fp32: [71100000, 11300000],
    half: [49100000, 10900000],
    evaluation: 2710000,
  },
  'deit-tiny-patch16': {
    graph: [3657, 20, 2],
    tensors: 152,
    fp32: [36200000, 6110000],
    half: [24500000, 5290000],
    evaluation: 1360000,
  },
  'deit-small-patch16': {
    graph: [3657, 20, 2],
    tensors: 152,
    fp32: [71800000, 11600000],
    half: [49400000, 11000000],
    evaluation: 2720000,
  },
  'deit-base-patch16': {
    graph: [3657, 20, 2],
    tensors: 152,
    fp32: [143000000, 25600000],
    half: [101000000, 24300000],
    evaluation: 5450000,
  },
  'convnext-tiny': {
    graph: [3463, 50, 8],
    tensors: 182,
    fp32: [110000000, 28300000],
    half: [89100000, 26200000],
    evaluation: 10800000,
  },
  'convnext-small': {
    graph: [6523, 50, 8],
    tensors: 344,
    fp32: [175000000, 31000000],
    half: [142000000, 28900000],
    evaluation: 10800000,
  },
  'convnext-base': {
    graph: [6523, 50, 8],
    tensors: 344,
    fp32: [234000000, 43800000],
    half: [191000000, 41100000],
    evaluation: 14500000,
  },
}
