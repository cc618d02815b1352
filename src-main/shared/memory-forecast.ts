// Memory of a training before anything of it is built: from what a step of its model holds by the registry.
import { cropViews, evaluationSize, type InputSize, trainingSize } from './input-fit.ts'
import { optimizerStateCopies } from './optimizer-state.ts'
import { type GraphSize, predictedProcessBytes } from './process-memory.ts'
import { type ModelMemory, modelMemory } from './registry/model-memory.ts'
import { type ModelName, models } from './registry/models.ts'
import type { RunConfig } from './run-config.ts'

export interface ForecastConditions {
  /** Pictures that lie in the worker's memory. */
  dataBytes: number
  /** Threads that prepare pictures; 0 where none are prepared one by one. */
  feedThreads: number
}

const floatBytes = 4
/** Operations for each tensor of an optimizer that is a rule of many of them, as all but SGD are. */
const operationsOfRule = 16

/** Bytes of everything that a saved state holds: parameters, optimizer, averages, slow weights. */
export function stateBytes(config: Pick<RunConfig, 'model' | 'optimizer' | 'train'>): number {
  const { optimizer, train } = config
  const copies = optimizerStateCopies(optimizer) + (train.ema === 'none' ? 0 : 1) + (optimizer.lookaheadEvery > 0 ? 1 : 0)
  return parameterBytes(config) * (1 + copies)
}

export function parameterBytes({ model }: Pick<RunConfig, 'model'>): number {
  return models[model.name as ModelName].parameters * floatBytes
}

/**
 * Peak bytes of the process that trains. For the model's own input within a few per cent of the estimate from the graph; for another
 * size it goes by the area. On a GPU steps take none of it.
 */
export function forecastMemory(config: RunConfig, { dataBytes, feedThreads }: ForecastConditions): number {
  const memory = modelMemory[config.model.name as ModelName]
  const { compute, train, evaluation, augment } = config
  const parameters = parameterBytes(config)
  const onGpu = compute.device.startsWith('gpu')
  const views = cropViews[evaluation.testAugmentation] ?? 1
  const step = scaled(config, trainingSize(config), stepLine(memory, compute))(train.batchSize * augment.splits)
  const judging = scaled(config, evaluationSize(config), memory.evaluation)(evaluation.batchSize * views)
  const sums = train.accumulate > 1 ? parameters : 0
  return predictedProcessBytes({
    graph: graphOf(memory, config),
    parameterBytes: parameters,
    variableBytes: onGpu ? 0 : stateBytes(config) + sums,
    liveBytes: onGpu ? 0 : Math.max(step, judging),
    stateBytes: stateBytes(config),
    dataBytes,
    halfPrecision: compute.precision !== 'fp32' && !onGpu,
    feedThreads,
  })
}

function stepLine({ step, checkpointed, half }: ModelMemory, compute: RunConfig['compute']): readonly [number, number] {
  const [fixed, each] = compute.checkpointing ? checkpointed : step
  if (compute.precision === 'fp32') return [fixed, each]
  return compute.checkpointing ? [fixed, (each * half[1]) / step[1]] : half
}

function scaled({ model }: RunConfig, [height, width]: InputSize, [fixed, each]: readonly [number, number]) {
  const { input } = models[model.name as ModelName]
  const area = (height * width) / (input[0] * input[1])
  return (pictures: number) => Math.max(0, fixed + each * area * pictures)
}

function graphOf({ graph, tensors }: ModelMemory, { optimizer }: RunConfig): GraphSize {
  const [operations, kernels, fused] = graph
  return { operations: operations + (optimizer.name === 'sgd' ? 0 : tensors * operationsOfRule), kernels, fused }
}
