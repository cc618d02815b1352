// What the host shows to windows and to the CLI. Accuracies are fractions of 1, times in ms since 1970 unless named seconds.
import type { ConfigDifference } from './config-fields.ts'
import type { Checking } from './dataset-views.ts'
import type { ErrorReport } from './errors.ts'
import type { ProbeResult, ProbeState } from './probe.ts'
import type { Recipe } from './recipe.ts'
import type { ReaderName } from './registry/readers.ts'
import type { ResumeCertificate } from './resume-certificate.ts'
import type { RunAlert } from './run-alerts.ts'
import type { RunConfig } from './run-config.ts'
import type { AppliedChange, CheckpointEntry, Interruption, ResumeChange } from './saved-state.ts'
import type { Sweep } from './sweep.ts'
import type { Verdict } from './verdict.ts'
import type {
  BenchmarkBy,
  DataSummary,
  EnvironmentSummary,
  EpochResult,
  MachineSample,
  SeedResult,
  StepPoint,
  StopMode,
  WorkerPhase,
} from './worker-protocol.ts'

/** `paused`: a worker waits with its device, or the run waits without one. */
export type RunStatus = 'queued' | 'running' | 'pausing' | 'paused' | 'stopping' | 'finished' | 'stopped' | 'failed'

export const queuePriorities = ['high', 'normal', 'low'] as const
export type QueuePriority = (typeof queuePriorities)[number]

export interface SeedState {
  seed: number
  status: 'queued' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed'
  step: number
  totalSteps: number
  /** Newest evaluation, or null before the first. */
  top1: number | null
  result: SeedResult | null
}

/** One line of the runs table. */
export interface RunSummary {
  id: string
  name: string
  recipeId: string
  status: RunStatus
  createdAt: number
  startedAt: number | null
  finishedAt: number | null
  /** Place in the queue, 1 first; null when not queued. */
  queuePosition: number | null
  seeds: SeedState[]
  /** How many settings differ from the recipe. */
  changes: number
  device: string | null
  verdict: Verdict | null
  /** Test top-1 of the newest seed by epoch, for the sparkline. */
  curve: number[]
  /** Seconds of training so far, over all seeds. */
  seconds: number
  secondsLeft: number | null
  error: ErrorReport | null
  priority: QueuePriority
  /** Name of the sweep that made it, or null. */
  sweep: string | null
  /** Null while it trains, waits for its first start, or is finished. A run that has one can be resumed. */
  interruption: Interruption | null
  /** For a paused run: whether its worker waits with the device. */
  keepsDevice: boolean
}

/** What is known of a run while it trains. */
export interface LiveState {
  seed: number
  phase: WorkerPhase
  phaseText: string | null
  done: number | null
  total: number | null
  step: number
  totalSteps: number
  stepsPerEpoch: number
  imagesPerSecond: number | null
  stepSeconds: number | null
  seedSecondsLeft: number | null
  allSecondsLeft: number | null
  machine: (MachineSample & { at: number })[]
}

export interface RunDetail extends RunSummary {
  config: RunConfig
  recipe: Recipe
  data: DataSummary | null
  environment: EnvironmentSummary | null
  live: LiveState | null
  epochs: EpochResult[]
  checkpoints: CheckpointEntry[]
  /** Oldest first. */
  alerts: RunAlert[]
  /** Changes made when it went on. */
  applied: AppliedChange[]
  certificate: ResumeCertificate | null
  /** Bytes of its folder on disk, as last measured. */
  diskBytes: number | null
}

/** Step curve of one seed, reduced to at most so many points (min and max per bucket kept). */
export interface SeedCurve {
  seed: number
  points: StepPoint[]
}

export interface LogLine {
  at: number
  level: 'info' | 'warn' | 'error'
  text: string
}

/** Live events to windows; each carries what changed, `seq` grows by one so that a gap is noticed. */
export type HostEvent = { seq: number } & (
  | { type: 'run'; run: RunSummary }
  | { type: 'run-removed'; runId: string }
  | { type: 'live'; runId: string; live: LiveState }
  | { type: 'steps'; runId: string; seed: number; points: StepPoint[] }
  | { type: 'epoch'; runId: string; result: EpochResult }
  | { type: 'log'; runId: string; line: LogLine }
  | { type: 'alert'; runId: string; alert: RunAlert }
  | { type: 'queue'; queue: QueueState }
  | { type: 'probe'; id: string; probe: ProbeState }
  | { type: 'proof'; runId: string; proof: ProofState }
  | { type: 'notice'; notice: HostNotice }
  | { type: 'dataset'; dataset: DatasetSummary }
  | { type: 'dataset-removed'; id: string }
  /** Null when the check has ended; its report is in the overview. */
  | { type: 'dataset-check'; id: string; checking: Checking | null }
  | { type: 'setup'; setup: SetupState }
)

/** The queue as a whole. */
export interface QueueState {
  /** No run starts by itself: after an unclean end, or because the user holds it. */
  held: boolean
  reason: 'user' | 'unclean-end' | null
}

/** A proof of resume that is under way for a run, or has ended; its certificate is in the run. */
export interface ProofState {
  status: 'running' | 'done' | 'failed' | 'cancelled'
  part: 'straight' | 'paused' | 'comparing' | null
  done: number
  total: number
  error: ErrorReport | null
}

/** Something that happened to the host rather than to one run. */
export interface HostNotice {
  at: number
  kind:
    | 'engine-back'
    | 'power-loss'
    | 'host-died'
    | 'slept'
    | 'clock-jumped'
    | 'history-unwritable'
    | 'history-recovered'
  values: Record<string, string | number>
}

export interface DatasetSummary {
  id: string
  label: string
  source: 'shipped' | 'package' | 'user'
  /** absent: known but not on this machine; fetching; ready; failed. */
  status: 'absent' | 'fetching' | 'ready' | 'failed'
  progress: DatasetProgress | null
  /** Null before it is ready. */
  storage: 'files' | 'pixels' | null
  /** Null for data sets that did not come from the user's disk. */
  reader: ReaderName | null
  /** Null before the first check. */
  health: { problems: number; warnings: number } | null
  /** Pictures that the user left out. */
  excluded: number
  /** As a run on it would record them; absent before it is ready. */
  benchmarkTest?: string | null
  benchmarkBy?: BenchmarkBy
  changes?: NonNullable<DataSummary['changes']>
  train: number
  test: number
  classes: string[]
  shape: [number, number, number]
  downloadBytes: number
  benchmark: boolean
  fingerprint: string | null
  path: string | null
  licence: string
  error: ErrorReport | null
}

/** How far a fetch or a preparation is. */
export interface DatasetProgress {
  done: number
  /** 0 while it is not known. */
  total: number
  unit: 'bytes' | 'pictures'
  /** From the rate so far; null while there is none to go by. */
  perSecond: number | null
  secondsLeft: number | null
  /** What is being done. */
  text: string
}

export interface RecipeSummary {
  recipe: Recipe
  modelLabel: string
  datasetLabel: string
  parameters: number
  macsMillions: number
  /** Seconds for one seed here: measured on this machine when a run of it finished, else scaled from the recipe's cost. */
  secondsHere: number
  secondsMeasuredHere: boolean
  best: Verdict | null
}

export interface SetupState {
  tensorflow: 'ready' | 'installing' | 'missing' | 'failed'
  progress: { doneBytes: number; totalBytes: number } | null
  version: string | null
  error: ErrorReport | null
}

export interface MachineInfo {
  name: string
  cpu: string
  cores: number
  memoryBytes: number
  memoryFreeBytes: number
  diskFreeBytes: number
  gpu: string | null
  platform: string
  dataFolder: string
  cacheFolder: string
  versions: { reprise: string; node: string; tensorflow: string | null }
  setup: SetupState
  /** Requests the host and its workers sent out since start, such as data set fetches. */
  networkRequests: { at: number; what: string }[]
  /** Address under which other machines reach the host, without a token; null where only this one does. */
  openTo: string | null
}

export interface StartRunInput {
  recipeId: string
  name?: string | undefined
  /** Dotted key to value. */
  changes: Record<string, unknown>
  /** Before all others in the queue. */
  first?: boolean | undefined
  priority?: QueuePriority | undefined
}

export interface StartSweepInput extends StartRunInput {
  sweep: Sweep
}

export interface ResumeRunInput {
  runId: string
  change?: ResumeChange | undefined
}

export interface PauseRunInput {
  runId: string
  keepDevice: boolean
}

/** A line of "Before the start". */
export interface PreflightCheck {
  id: 'engine' | 'data' | 'health' | 'input' | 'cache' | 'disk' | 'memory' | 'verdict' | 'early-stop' | 'changes'
  state: 'pass' | 'note' | 'fail'
  /** Figures for the sentence, which the language files hold. */
  values: Record<string, string | number>
  /** A fail that stops the start even by "start anyway". */
  blocking: boolean
  /** Changes of the config that would mend it, each on its own. */
  fixes?: PreflightFix[]
}

export interface PreflightFix {
  id: 'accumulate' | 'checkpointing' | 'evaluation' | 'precision' | 'fewer-seeds' | 'keep-fewer' | 'judge-on-val'
  /** Dotted key to value. */
  changes: Record<string, unknown>
  /** Figures for its words, such as the memory it is predicted to need. */
  values: Record<string, string | number>
}

export interface Preflight {
  checks: PreflightCheck[]
  secondsPerSeed: number
  secondsMeasured: boolean
  seconds: number
  diskBytes: number
  changes: ConfigDifference[]
  /** The newest probe of this very config on this machine, or null. */
  probe: ProbeResult | null
  /** Learning rate over steps of this run and of the recipe, with a point at each turn; absent when it cannot be built. */
  schedule?: { run: SchedulePoint[]; recipe: SchedulePoint[] } | undefined
}

export interface SchedulePoint {
  step: number
  lr: number
}

export interface Settings {
  theme: 'system' | 'light' | 'dark'
  language: 'system' | 'en' | 'zh'
  density: 'comfortable' | 'compact'
  device: string
  /** Go on training in the background when the window closes. */
  background: boolean
  /** After an unclean end, resume what trained and go on with the queue, instead of waiting for the user. */
  resumeByItself: boolean
  /** Keep the machine awake while something trains. */
  keepAwake: boolean
  notifyWhenDone: boolean
  /** Training waits while a GPU is hotter, in degrees Celsius, or a CPU hotter by 10 than this; 0 is off. */
  maxCelsius: number
  /** Training waits while the disk has less free, in bytes. */
  minFreeBytes: number
  /** Days after which a run in the bin is deleted; 0 keeps it. */
  binDays: number
}

export type StopRunInput = { runId: string; mode: StopMode | 'bin' }

/** A recipe file that cannot be read; it hides no other. */
export interface RecipeProblem {
  /** Name of the file that cannot be read as a recipe. */
  file: string
  error: ErrorReport
}

/** What a folder browser shows of one folder. */
export interface FolderListing {
  path: string
  /** Null at a root. */
  parent: string | null
  /** Folders from which browsing may start: the home folder and mounts. */
  roots: string[]
  entries: { name: string; path: string; kind: 'folder' | 'file' }[]
}
