// Messages between the host (or the CLI) and a worker process. Accuracies are fractions of 1, times are seconds.
import type { FindingKind, HealthReport, PreviewInputs, SourceLook, SplitRecipe } from './dataset-views.ts'
import type { ErrorReport } from './errors.ts'
import type { CacheKind } from './picture-cache.ts'
import type { ModelName } from './registry/models.ts'
import type { PositionResize } from './registry/position-resize.ts'
import type { BoxRule } from './registry/readers.ts'
import type { RunAlert } from './run-alerts.ts'
import type { RunConfig } from './run-config.ts'
import type { AppliedChange, CheckpointEntry, ResumeChange, SkippedCheckpoint } from './saved-state.ts'

/** What a worker needs to know to train one run, from the beginning or from where it was broken off. */
export interface TrainJob {
  type: 'train'
  runId: string
  config: RunConfig
  /** Those not yet finished. A seed with a whole saved state in `runDir` goes on from there. */
  seeds: number[]
  /** A change that the seed which goes on takes; absent where all stays as it was. */
  change?: ResumeChange
  /** A step after which the training pauses and frees its device without being asked: where a proof breaks it off. */
  pauseAfter?: number
  /** Folder of the run: config.json, log.ndjson, checkpoints/. Exists already. */
  runDir: string
  /** Folder that holds prepared data sets and their caches. */
  datasetsDir: string
  /** Folder of libtensorflow. */
  libtensorflowDir: string
}

export type StopMode = 'now' | 'epoch'

export type HostToWorker =
  | { type: 'job'; job: TrainJob }
  | { type: 'stop'; mode: StopMode }
  /** After the step in progress: saves the state, then waits for `continue`, or ends where the device shall be free. */
  | { type: 'pause'; keepDevice: boolean }
  | { type: 'continue' }

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
  boxRule?: BoxRule
  /** Decode every picture to a square of this side; 0 or absent keeps files where they are. */
  fit?: number
}

export type HostToDataWorker = { type: 'job'; job: PrepareDataJob } | { type: 'stop' }

export type DataWorkerToHost =
  | { type: 'progress'; text: string; done: number; total: number; unit: 'bytes' | 'pictures' }
  | { type: 'network'; what: string }
  | { type: 'prepared'; data: DataSummary; shape: [height: number, width: number, channels: number] }
  | { type: 'failed'; error: ErrorReport }

/** Changes which pictures of a prepared data set are used, and its fingerprint with them. Done by worker/change-data.ts. */
export interface ChangeDataJob {
  type: 'change-data'
  datasetId: string
  datasetsDir: string
  change:
    | { kind: 'exclude'; finding: FindingKind; excluded: boolean }
    | { kind: 'exclude'; pictures: number[]; excluded: boolean }
    | { kind: 'split'; split: SplitRecipe }
}

export type ChangerToHost = { type: 'changed'; data: DataSummary } | { type: 'failed'; error: ErrorReport }

/** Looks at every picture of a prepared data set and keeps the report with it. Done by worker/examine-data.ts. */
export interface ExamineDataJob {
  type: 'examine-data'
  datasetId: string
  datasetsDir: string
}

export type HostToExaminer = { type: 'job'; job: ExamineDataJob } | { type: 'stop' }

export type ExaminerToHost =
  | { type: 'progress'; text: string; done: number; total: number }
  | { type: 'examined'; report: HealthReport }
  | { type: 'failed'; error: ErrorReport }

/** Questions to a process that answers many of them, by `request`; `cancel` needs no answer any more. */
export type HostToAnswerer<Question> =
  | { type: 'ask'; request: number; question: Question }
  | { type: 'cancel'; request: number }

export type AnswererToHost<Answer> =
  | { type: 'answer'; request: number; answer: Answer }
  | { type: 'refusal'; request: number; error: ErrorReport }

/** Sides that a thumbnail may have; 0 is the picture's own size. */
export const thumbnailSides = [0, 64, 96, 128, 192, 256, 512] as const
export type ThumbnailSide = (typeof thumbnailSides)[number]

/** A picture of a prepared data set. Answered by worker/pictures.ts. */
export interface PictureQuestion {
  datasetsDir: string
  datasetId: string
  /** Changes when the data set is prepared anew. */
  version: string
  picture: number
  side: ThumbnailSide
}

export interface PictureAnswer {
  mime: 'image/webp' | 'image/png'
  bytes: Uint8Array
}

/** What a path holds. Answered by worker/source-looks.ts. */
export interface LookQuestion {
  path: string
  boxRule: BoxRule
}

export type LookAnswer = SourceLook

/** The first inputs of a step, prepared as training prepares them. Answered by worker/preview.ts. */
export interface PreviewQuestion {
  datasetsDir: string
  config: RunConfig
  step: number
  seed: number
  /** Folder of libtensorflow, where it is installed: its decoder reads JPEG files when training. */
  libtensorflowDir: string | null
}

export type PreviewAnswer = PreviewInputs

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

/**
 * How test pictures were recognised as a benchmark's: by pixels and labels, by the published hashes of the files that hold them,
 * or by counts alone, which do not verify the pictures.
 */
export type BenchmarkBy = 'content' | 'files' | 'counts'

export interface DataSummary {
  id: string
  label: string
  train: number
  test: number
  classes: string[]
  fingerprint: string
  /**
   * Of files whose check has read them all: the hash of the decoded content of all pictures in use. Absent before, and for raw
   * pixels, whose fingerprint is of their content.
   */
  content?: string
  /** True when content, or the published hashes of all files, are those of the known benchmark. */
  benchmark: boolean
  /**
   * Registry id of the benchmark whose test pictures, all of them and no others, are those that are judged on; null for others.
   * Absent in runs of earlier versions, which `benchmark` alone tells.
   */
  benchmarkTest?: string | null
  /** How that was recognised, where it is not null. Absent in runs of earlier versions, which knew content alone. */
  benchmarkBy?: BenchmarkBy
  /** What the user changed in the data set; absent where nothing is. */
  changes?: { leftOutTrain: number; leftOutTest: number; split: boolean }
  skipped: { path: string; reason: string }[]
  /** Of pictures in files: where they lay decoded while training, and how large that was predicted to be. */
  decoded?: { kept: CacheKind; bytes: number }
  /**
   * Pictures that could not be read while training: another one of its class took the place of a training picture, a test
   * picture is left out of the figure. Absent where all could be read.
   */
  unread?: { train: number; test: number }
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

/** What a seed has reported so far. */
export interface SeedRecord {
  /** Four numbers for each step: step, epoch, loss, learning rate. */
  points: Float64Array
  epochs: EpochResult[]
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
  /**
   * A seed goes on from a saved state; comes after its seed-start, or where a run went back to one by itself. The state carries
   * what was reported up to its step: it takes the place of all that is known of this seed's steps and evaluations, so that
   * nothing is lost that a dying host had not yet written.
   */
  | {
      type: 'resumed'
      seed: number
      step: number
      epoch: number
      /** Seconds trained before. */
      trainSeconds: number
      record: SeedRecord
      skipped: SkippedCheckpoint[]
    }
  | { type: 'checkpoint'; checkpoint: CheckpointEntry }
  | { type: 'checkpoint-removed'; file: string }
  /** The state is saved, and the worker waits with its device. One that frees the device ends with `done` instead. */
  | { type: 'paused' }
  | { type: 'continued' }
  | { type: 'alert'; alert: RunAlert }
  | { type: 'change'; change: AppliedChange }
  | { type: 'seed-end'; result: SeedResult }
  | { type: 'machine'; sample: MachineSample }
  | { type: 'log'; level: 'info' | 'warn' | 'error'; text: string }
  | { type: 'done'; ended: 'finished' | 'stopped' | 'paused' }
  | { type: 'failed'; error: ErrorReport }
