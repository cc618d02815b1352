// What the API calls: the services of a started host, one group per router.
import type {
  AddDatasetInput,
  DatasetSummary,
  FolderListing,
  HostEvent,
  LogLine,
  MachineInfo,
  Preflight,
  RecipeProblem,
  RecipeSummary,
  RunDetail,
  RunSummary,
  SeedCurve,
  Settings,
  SetupState,
  StartRunInput,
  StopRunInput,
} from '../../shared/api.ts'

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
  moveInQueue(id: string, position: number): RunSummary
}

export interface DatasetService {
  list(): DatasetSummary[]
  fetch(id: string): DatasetSummary
  add(input: AddDatasetInput): Promise<DatasetSummary>
  cancel(id: string): DatasetSummary
}

export interface HostServices {
  machine: { info(): Promise<MachineInfo> }
  recipes: RecipeService
  runs: RunService
  datasets: DatasetService
  folders: { list(path?: string): Promise<FolderListing> }
  settings: { get(): Settings; set(change: SettingsChange): Settings }
  setup: { state(): SetupState; installTensorflow(): SetupState }
  events: { subscribe(signal: AbortSignal, afterSeq?: number): AsyncIterable<HostEvent> }
}

/** Settings to change; absent ones stay. */
export type SettingsChange = { [K in keyof Settings]?: Settings[K] | undefined }
