// Static facts about every architecture. The builders live in engine/nn/models, keyed by these names, so that a record
// without a builder does not compile.
import { cifarModels } from './cifar-models.ts'
import { imageNetModels } from './imagenet-models.ts'
import { mobileModels } from './mobile-models.ts'
import type { ModelRecord } from './model-record.ts'
import { transformerModels } from './transformer-models.ts'

export type { ModelRecord } from './model-record.ts'

export const models = {
  ...cifarModels,
  ...imageNetModels,
  ...mobileModels,
  ...transformerModels,
} as const satisfies Record<string, ModelRecord>

export type ModelName = keyof typeof models
export const modelNames = Object.keys(models) as ModelName[]
