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
/** In powers of e of work. */
const otherFamily = 10
/** Operations for each tensor of an optimizer that is a rule of many of them, as all but SGD are. */
const operationsOfRule = 16

/** Bytes of everything that a saved state holds: parameters, optimizer, averages, slow weights. */
export function stateBytes(config: Pick<RunConfig, 'model' | 'optimizer' | 'train'>): number {
  const { optimizer, train } = config
  const copies =
    optimizerStateCopies(optimizer) + (train.ema === 'none' ? 0 : 1) + (optimizer.lookaheadEvery > 0 ? 1 : 0)
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
  const memory = memoryOf(config.model.name as ModelName)
  const { compute, train, evaluation, augment } = config
  const parameters = parameterBytes(config)
  const onGpu = compute.device.startsWith('gpu')
  const views = cropViews[evaluation.testAugmentation] ?? 1
  const perPicture = memory[compute.precision === 'fp32' ? 'fp32' : 'half'][compute.checkpointing ? 1 : 0]
  const step = parameters + perPicture * train.batchSize * augment.splits * area(config, trainingSize(config))
  const judging = memory.evaluation * evaluation.batchSize * views * area(config, evaluationSize(config))
  const sums = train.accumulate > 1 ? parameters : 0
  return predictedProcessBytes({
    graph: graphOf(memory, config),
    parameterBytes: parameters,
    variableBytes: onGpu ? 0 : stateBytes(config) + sums,
    liveBytes: onGpu ? 0 : Math.max(step, judging),
    savedBytes: stateBytes(config),
    dataBytes,
    halfPrecision: compute.precision !== 'fp32' && !onGpu,
    feedThreads,
  })
}

/** Activations grow with less than the work: deeper and wider networks look at smaller pictures for longer. */
const growthOfActivations = 0.8

/** By the graph of the model itself or, where the table lacks it, of the one of its family with the nearest amount of work. */
function memoryOf(name: ModelName): ModelMemory {
  const own = modelMemory[name]
  if (own) return own
  const work = (of: ModelName) => Math.log(models[of].macsMillions)
  const distance = (of: ModelName) =>
    Math.abs(work(of) - work(name)) + (models[of].family === models[name].family ? 0 : otherFamily)
  const known = (Object.keys(modelMemory) as ModelName[]).sort((a, b) => distance(a) - distance(b))
  const nearest = known[0] as ModelName
  const { fp32, half, evaluation, ...graph } = modelMemory[nearest] as ModelMemory
  const scale = Math.exp(growthOfActivations * (work(name) - work(nearest)))
  return {
    ...graph,
    fp32: [fp32[0] * scale, fp32[1] * scale],
    half: [half[0] * scale, half[1] * scale],
    evaluation: evaluation * scale,
  }
}

/** As a share of the input that the model is registered with. */
function area({ model }: RunConfig, [height, width]: InputSize): number {
  const { input } = models[model.name as ModelName]
  return (height * width) / (input[0] * input[1])
}

function graphOf({ graph, tensors }: ModelMemory, { optimizer }: RunConfig): GraphSize {
  const [operations, kernels, fused] = graph
  return { operations: operations + (optimizer.name === 'sgd' ? 0 : tensors * operationsOfRule), kernels, fused }
}
