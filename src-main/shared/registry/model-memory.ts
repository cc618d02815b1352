// What a training step of each model holds in memory, counted from its traced graph: at its own input and with its classes, SGD with
// momentum. Written by tools/measure/model-memory.ts; a test holds it against the graph.
import type { ModelName } from './models.ts'

/** Bytes without pictures, and of each picture of a batch. */
type Line = readonly [fixed: number, perPicture: number]

export interface ModelMemory {
  /** Operations, oneDNN kernels and XLA functions of a step and an evaluation, see shared/process-memory.ts. */
  graph: readonly [operations: number, kernels: number, fused: number]
  tensors: number
  step: Line
  /** With gradient checkpointing. */
  checkpointed: Line
  /** With bfloat16. */
  half: Line
  evaluation: Line
}

export const modelMemory: Record<ModelName, ModelMemory> = {
  lenet5: {
    graph: [279, 16, 0],
    step: [490000, 51500],
    checkpointed: [490000, 51500],
    half: [365000, 35000],
    evaluation: [0, 23500],
  },
  'resnet20-cifar': {
    graph: [1119, 29, 0],
    step: [1240000, 1650000],
    checkpointed: [2110000, 602000],
    half: [1630000, 834000],
    evaluation: [9220, 197000],
  },
}
