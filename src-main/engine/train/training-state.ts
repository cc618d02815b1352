// Everything a training needs to go on as if it had never been broken off. What is not here follows from seed and step alone: the
// order of pictures, all draws, the learning rate of most schedules, what is frozen when.
import type { EpochResult, SeedResult } from '../../shared/worker-protocol.ts'
import type { SafetensorsFile } from '../formats/safetensors.ts'
import { type Network, ParameterSet } from '../nn/parameters.ts'
import type { Variable } from '../tensorflow/variables.ts'
import { damagedCheckpoint } from './checkpoint.ts'
import type { Lookahead } from './lookahead.ts'
import type { StepContext } from './training-step.ts'
import type { WeightAverage } from './weight-average.ts'

/** Sums over pictures. */
export interface TrainingSums {
  loss: number
  correct: number
  pictures: number
}

/** The part of a training's state that is no tensor. */
export interface TrainingCounters {
  /** Steps taken. */
  step: number
  /** False while the evaluation due at `step` has not been made. */
  judged: boolean
  /** True once the final figure has been taken. */
  finished: boolean
  /** From one evaluation to the next. */
  sums: TrainingSums
  /** From one epoch to the next. */
  epochSums: Pick<TrainingSums, 'loss' | 'pictures'>
  last: SeedResult['last'] | null
  best: SeedResult['best'] | null
  /** File of the weights of `best`. */
  bestFile: string | null
  /** Evaluations since `best`. */
  evaluationsSinceBest: number
  /** Product of all changes of the rate that were made when the training went on. */
  lrScale: number
  /** How often it went back by itself after a value that was not finite. */
  rollbacks: number
  /** Of a schedule that follows the loss. */
  schedule: number[] | null
  trainSeconds: number
  /** Wall-clock seconds without pauses. */
  seconds: number
}

export function firstCounters(): TrainingCounters {
  return {
    step: 0,
    judged: true,
    finished: false,
    sums: { loss: 0, correct: 0, pictures: 0 },
    epochSums: { loss: 0, pictures: 0 },
    last: null,
    best: null,
    bestFile: null,
    evaluationsSinceBest: 0,
    lrScale: 1,
    rollbacks: 0,
    schedule: null,
    trainSeconds: 0,
    seconds: 0,
  }
}

/**
 * The variables of a training beside the judged weights, by name: `optimizer.SLOT.PARAMETER`, `optimizer.step`, `loss_scale.*`,
 * `lookahead.PARAMETER`, and `raw.PARAMETER` for the weights themselves where an average is judged.
 */
export function stateVariables(
  { network, optimizer, lossScale }: StepContext,
  average: WeightAverage | null,
  lookahead: Lookahead | null,
): Map<string, Variable> {
  const state = new Map([...optimizer.slots].map(([name, slot]) => [`optimizer.${name}`, slot]))
  for (const [name, variable] of lossScale?.variables ?? []) state.set(`loss_scale.${name}`, variable)
  for (const { name, variable } of network.parameters.all) {
    if (average) state.set(`raw.${name}`, variable)
    const slow = lookahead?.slowOf(variable)
    if (slow) state.set(`lookahead.${name}`, slow)
  }
  return state
}

/** The network with the average in place of its own parameters; for saving, not for running. */
export function averagedNetwork(network: Network, average: WeightAverage): Network {
  const parameters = new ParameterSet(network.parameters.seed)
  for (const parameter of network.parameters.all) {
    parameters.all.push({ ...parameter, variable: average.averageOf(parameter) })
  }
  return { ...network, parameters }
}

const metadataKey = 'training'

/** Counters and evaluations as the metadata of a file; every number comes back to the last bit. */
export function countersMetadata(counters: TrainingCounters, epochs: readonly EpochResult[]): Record<string, string> {
  return { [metadataKey]: JSON.stringify({ counters, epochs }, writeNumber) }
}

/** The inverse. Throws `checkpoint-damaged` where a file holds none. */
export function readCountersMetadata(
  { metadata }: SafetensorsFile,
  file: string,
): { counters: TrainingCounters; epochs: EpochResult[] } {
  const text = metadata[metadataKey]
  if (text === undefined) throw damagedCheckpoint(file, 'the state of a training', 'weights alone')
  return JSON.parse(text, readNumber) as { counters: TrainingCounters; epochs: EpochResult[] }
}

// JSON knows no infinities, no NaN and no negative zero.
function writeNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value
  if (Object.is(value, -0)) return '#-0'
  return Number.isFinite(value) ? value : `#${value}`
}

function readNumber(_key: string, value: unknown): unknown {
  return typeof value === 'string' && /^#(-0|NaN|-?Infinity)$/.test(value) ? Number(value.slice(1)) : value
}
