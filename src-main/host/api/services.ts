// What the API calls: the services of a started host, one group per router.
import type {
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
import type { BoxRule } from '../../shared/registry/readers.ts'
import type { ThumbnailSide } from '../../shared/worker-protocol.ts'

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
  folders: { list(path?: string): Promise<FolderListing> }
  settings: { get(): Settings; set(change: SettingsChange): Settings }
  setup: { state(): SetupState; installTensorflow(): SetupState }
  events: { subscribe(signal: AbortSignal, afterSeq?: number): AsyncIterable<HostEvent> }
}

/** Settings to change; absent ones stay. */
export type SettingsChange = { [K in keyof Settings]?: Settings[K] | undefined }
