// Builders by registry name; a model that is registered without one does not compile.
import type { ModelName } from '../../shared/registry/models.ts'
import { airbench94 } from './models/airbench.ts'
import { cifarResNet } from './models/cifar-resnet.ts'
import { lenet5 } from './models/lenet.ts'
import type { Network } from './parameters.ts'

export type ModelBuilder = (classes: number, seed: number) => Network

const resNet =
  (depth: number): ModelBuilder =>
  (classes, seed) =>
    cifarResNet(depth, classes, seed)

export const modelBuilders = {
  lenet5,
  'resnet20-cifar': resNet(20),
  'resnet32-cifar': resNet(32),
  'resnet44-cifar': resNet(44),
  'resnet56-cifar': resNet(56),
  'resnet110-cifar': resNet(110),
  airbench94,
} as const satisfies Record<ModelName, ModelBuilder>
