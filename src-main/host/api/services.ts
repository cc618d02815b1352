// What the API calls: the services of a started host, one group per router.
import type {
  DatasetSummary,
  FolderListing,
  HostEvent,
  HostNotice,
  LogLine,
  MachineInfo,
  PauseRunInput,
  Preflight,
  ProofState,
  QueuePriority,
  QueueState,
  RecipeProblem,
  RecipeSummary,
  ResumeRunInput,
  RunDetail,
  RunSummary,
  SeedCurve,
  Settings,
  SetupState,
  StartRunInput,
  StartSweepInput,
  StopRunInput,
} from '../../shared/api.ts'
import type {
  AddDatasetInput,
  DatasetOverview,
  ExcludeInput,
  PictureFilter,
  PicturePage,
  PreviewInputs,
  SourceLook,
  SplitRecipe,
} from '../../shared/dataset-views.ts'
import type { ProbeState } from '../../shared/probe.ts'
import type { BoxRule } from '../../shared/registry/readers.ts'
import type { BinEntry, StorageUse } from '../../shared/storage-use.ts'
import type { ThumbnailSide } from '../../shared/worker-protocol.ts'
import type { Access } from '../http/sessions.ts'

export interface RecipeService {
  list(): RecipeSummary[]
  get(id: string): RecipeSummary
  /** Recipe files that cannot be read; they hide no other. */
  problems(): RecipeProblem[]
}

export interface RunService {
  /** Newest first; with `bin`, those that were moved to the bin. */
  list(which: { bin: boolean }): RunSummary[]
  get(id: string): RunDetail
  curves(id: string, maxPoints: number): SeedCurve[]
  log(id: string): LogLine[]
  start(input: StartRunInput): Promise<RunSummary>
  preflight(input: StartRunInput): Promise<Preflight>
  stop(input: StopRunInput): RunSummary
  rename(id: string, name: string): RunSummary
  remove(id: string): void
  restore(id: string): RunSummary
  /** Among the runs of its priority. */
  moveInQueue(id: string, position: number): RunSummary
  setPriority(id: string, priority: QueuePriority): RunSummary
  queue(): QueueState
  /** A held queue starts nothing by itself; a run that trains goes on. */
  holdQueue(held: boolean): QueueState
  /** Saves the state after the step in progress, then waits with the device or frees it. */
  pause(input: PauseRunInput): RunSummary
  /** Goes on: at once where a worker waits, else first in the queue. Throws `not-allowed` where there is nothing to go on with. */
  resume(input: ResumeRunInput): RunSummary
  /** Queues every run of a sweep, all or none; refuses what `start` refuses. */
  startSweep(input: StartSweepInput): Promise<RunSummary[]>
  /** What each run of a sweep would change, before it is started. */
  expandSweep(input: StartSweepInput): Record<string, unknown>[]
}

export interface StorageService {
  use(): Promise<StorageUse>
  bin(): Promise<BinEntry[]>
  /** Deletes runs in the bin for good, all of them without `ids`. Resolves with the bytes that it freed. */
  emptyBin(ids?: string[]): Promise<number>
}

/** A few real steps of a run that has not started; a probe is known by the id that `start` gives. */
export interface ProbeService {
  start(input: StartRunInput): Promise<{ id: string; state: ProbeState }>
  state(id: string): ProbeState
  cancel(id: string): ProbeState
}

/** Proofs that runs can be broken off: each proves the config of a run, and its certificate is kept with the run. */
export interface ProofService {
  start(runId: string): ProofState
  state(runId: string): ProofState | null
  cancel(runId: string): ProofState | null
}

export interface DatasetService {
  list(): DatasetSummary[]
  fetch(id: string): DatasetSummary
  add(input: AddDatasetInput): Promise<DatasetSummary>
  cancel(id: string): DatasetSummary
  /** What a path holds, without adding it. An abort ends the look. */
  look(input: { path: string; boxRule?: BoxRule | undefined }, signal?: AbortSignal): Promise<SourceLook>
  /** Deletes what was prepared, never the user's own files. */
  remove(id: string): Promise<void>
  overview(id: string): Promise<DatasetOverview>
  pictures(input: PicturesInput): Promise<PicturePage>
  /** Starts a check; does nothing where one is under way. */
  check(id: string): Promise<DatasetSummary>
  cancelCheck(id: string): DatasetSummary
  exclude(input: ExcludeInput): Promise<DatasetOverview>
  setSplit(id: string, split: SplitRecipe): Promise<DatasetOverview>
  /** A table of name, class and part, as CSV. */
  exportSplit(id: string): Promise<string>
  /** Changes when pictures of the data set may have changed. Throws `unknown-dataset`, `data-missing` before it is ready. */
  pictureVersion(id: string): string
  /** One picture. An abort takes the question back. Rejects with `data-missing` or `picture-broken`. */
  picture(id: string, picture: number, side: ThumbnailSide, signal: AbortSignal): Promise<PictureFile>
}

export interface PicturesInput {
  id: string
  filter: PictureFilter
  offset: number
  limit: number
}

export interface PictureFile {
  mime: string
  bytes: Uint8Array
}

export interface PreviewInput {
  recipeId: string
  changes: Record<string, unknown>
  step: number
  /** Added to the seed of the run. */
  draw: number
}

export interface HostServices {
  machine: { info(): Promise<MachineInfo> }
  recipes: RecipeService
  runs: RunService
  datasets: DatasetService
  preview: { inputs(input: PreviewInput, signal?: AbortSignal): Promise<PreviewInputs> }
  folders: {
    list(path?: string): Promise<FolderListing>
    /** A path that a client gives, as one to work with. Throws `not-allowed` where the client may not name it. */
    allowed(path: string, access: Access): Promise<string>
  }
  settings: { get(): Settings; set(change: SettingsChange): Settings }
  setup: { state(): SetupState; installTensorflow(): SetupState }
  storage: StorageService
  probe: ProbeService
  proofs: ProofService
  /** What happened to the host since its start, oldest first. */
  notices(): HostNotice[]
  events: { subscribe(signal: AbortSignal, afterSeq?: number): AsyncIterable<HostEvent> }
}

/** Settings to change; absent ones stay. */
export type SettingsChange = { [K in keyof Settings]?: Settings[K] | undefined }
