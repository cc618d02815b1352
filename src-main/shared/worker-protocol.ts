// Messages between the host (or the CLI) and a worker process. Accuracies are fractions of 1, times are seconds.
import type { ErrorReport } from './errors.ts'
import type { ModelName } from './registry/models.ts'
import type { PositionResize } from './registry/position-resize.ts'
import type { RunConfig } from './run-config.ts'

/** What a worker needs to know to train one run. */
export interface TrainJob {
  type: 'train'
  runId: string
  config: RunConfig
  seeds: number[]
  /** Folder of the run: config.json, log.ndjson, checkpoints/. Exists already. */
  runDir: string
  /** Folder that holds prepared data sets and their caches. */
  datasetsDir: string
  /** Folder of libtensorflow. */
  libtensorflowDir: string
}

export type StopMode = 'now' | 'epoch'

export type HostToWorker = { type: 'job'; job: TrainJob } | { type: 'stop'; mode: StopMode }

/** Makes a data set ready: fetches a known one, or reads what the user has at `path`. Done by worker/prepare-data.ts. */
export interface PrepareDataJob {
  type: 'prepare-data'
  /** Registry id for known data sets; a new id for a user's folder or file. */
  datasetId: string
  /** The user's folder or file; absent for shipped and fetched data sets. */
  path?: string
  datasetsDir: string
  /** resources/samples of the app. */
  samplesDir: string
  brokenPictures: 'refuse' | 'skip'
}

export type HostToDataWorker = { type: 'job'; job: PrepareDataJob } | { type: 'stop' }

export type DataWorkerToHost =
  | { type: 'progress'; text: string; done: number; total: number; unit: 'bytes' | 'pictures' }
  | { type: 'network'; what: string }
  | { type: 'prepared'; data: DataSummary; shape: [height: number, width: number, channels: number] }
  | { type: 'failed'; error: ErrorReport }

/** Builds networks and counts them. Done by worker/examine-models.ts, which sends a ModelExamination for each. */
export interface ExamineModelsTask {
  type: 'examine-models'
  names: readonly ModelName[]
}

export interface ModelExamination {
  type: 'examined'
  name: ModelName
  /** Trainable parameters. */
  params: number
  /** Multiply-accumulates of one forward pass at the registered input. */
  macs: number
}

/** Runs an architecture with weights from a file on pictures. Done by worker/predict.ts. Paths are absolute. */
export interface PredictTask {
  type: 'predict'
  /** May be left out where the file of weights names its architecture. */
  arch?: ModelName
  weights: string
  /** Height and width of the input in place of the architecture's own; vision transformers only. */
  size?: number
  /** How the positions of weights for another size are resampled; by default as the architecture's reference does it. */
  positionResize?: PositionResize
  images: readonly string[]
  /** How many of the highest classes to name. */
  top: number
}

export type PredictAnswer =
  /** Once, before the pictures: how they are prepared, and what the reader of the weights decided, as sentences. */
  | { type: 'weights'; arch: ModelName; preprocessing: string; notes: string[] }
  | {
      type: 'prediction'
      image: string
      top: { index: number; logit: number; probability: number }[]
      logits: number[]
    }
  | { type: 'broken-picture'; image: string; reason: string }

/** What a worker is doing, for the words beside the bar. */
export type WorkerPhase = 'libraries' | 'data' | 'tracing' | 'training' | 'evaluating' | 'saving'

export interface StepPoint {
  step: number
  /** Fractional epoch at this step. */
  epoch: number
  loss: number
  lr: number
}

export interface EpochResult {
  seed: number
  /** Epochs completed; may be fractional at the end. */
  epoch: number
  step: number
  trainLoss: number
  trainTop1: number
  testLoss: number
  testTop1: number
  testTop5: number
  /** Seconds of training so far for this seed, evaluation and pauses excluded. */
  trainSeconds: number
  /** True when the figure was taken with the recipe's test views (the final figure). */
  final: boolean
}

export interface DataSummary {
  id: string
  label: string
  train: number
  test: number
  classes: string[]
  fingerprint: string
  /** True when counts and content are those of the known benchmark. */
  benchmark: boolean
  skipped: { path: string; reason: string }[]
}

export interface SeedResult {
  seed: number
  last: { epoch: number; step: number; top1: number; top5: number; loss: number }
  best: { epoch: number; step: number; top1: number }
  trainSeconds: number
  seconds: number
  /** True when the seed ended before its planned length. */
  stopped: boolean
}

export interface MachineSample {
  /** Share of all cores used by the worker, 0..1. */
  cpu: number
  rssBytes: number
  /** Share of the step time spent waiting for data, 0..1. */
  dataWait: number
}

export interface EnvironmentSummary {
  device: string
  cpu: string
  cores: number
  precision: string
  tensorflow: string
  node: string
  reprise: string
  platform: string
}

export type WorkerToHost =
  | { type: 'phase'; phase: WorkerPhase; seed?: number; done?: number; total?: number; text?: string }
  | { type: 'environment'; environment: EnvironmentSummary }
  | { type: 'data'; data: DataSummary }
  | { type: 'seed-start'; seed: number; totalSteps: number; stepsPerEpoch: number; parameters: number }
  | {
      type: 'steps'
      seed: number
      points: StepPoint[]
      step: number
      imagesPerSecond: number
      stepSeconds: number
      secondsLeft: number
    }
  | { type: 'epoch'; result: EpochResult }
  | { type: 'checkpoint'; seed: number; kind: 'last' | 'best'; file: string; step: number; bytes: number }
  | { type: 'seed-end'; result: SeedResult }
  | { type: 'machine'; sample: MachineSample }
  | { type: 'log'; level: 'info' | 'warn' | 'error'; text: string }
  | { type: 'done'; stopped: boolean }
  | { type: 'failed'; error: ErrorReport }
