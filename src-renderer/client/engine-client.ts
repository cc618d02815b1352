// The small typed interface through which the page speaks to the engine. Implemented over the wire by
// `wire-client.ts` and in memory by `memory-client.ts`. Promises reject with a RepriseError.
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
} from '../../src-main/shared/api.ts'
import type {
  AddDatasetInput,
  DatasetOverview,
  ExcludeInput,
  PictureFilter,
  PicturePage,
  PreviewInputs,
  SourceLook,
  SplitRecipe,
} from '../../src-main/shared/dataset-views.ts'
import type { ProbeState } from '../../src-main/shared/probe.ts'
import type { BoxRule } from '../../src-main/shared/registry/readers.ts'
import type { BinEntry, StorageUse } from '../../src-main/shared/storage-use.ts'

/** online: events arrive. away: the connection is lost and tried again. unauthorized: the session is not known. */
export type ConnectionState = 'connecting' | 'online' | 'away' | 'unauthorized'

export interface EventListener {
  onEvent(event: HostEvent): void
  onConnection(state: ConnectionState): void
}

/** Which sixteen training inputs to show. */
export interface PreviewRequest {
  recipeId: string
  /** Dotted key to value, as when the run is started. */
  changes: Record<string, unknown>
  /** Of the run, from 0. */
  step: number
  /** Which of many draws, from 0; 0 is the one that the run makes. */
  draw: number
}

export interface EngineClient {
  machine: { info(): Promise<MachineInfo> }
  recipes: { list(): Promise<RecipeSummary[]>; problems(): Promise<RecipeProblem[]> }
  runs: {
    /** Runs of the history; with `bin` those that were moved to the bin. */
    list(which?: { bin: boolean }): Promise<RunSummary[]>
    get(id: string): Promise<RunDetail>
    curves(id: string, maxPoints: number): Promise<SeedCurve[]>
    log(id: string): Promise<LogLine[]>
    preflight(input: StartRunInput): Promise<Preflight>
    start(input: StartRunInput): Promise<RunSummary>
    stop(input: StopRunInput): Promise<RunSummary>
    rename(id: string, name: string): Promise<RunSummary>
    remove(id: string): Promise<void>
    restore(id: string): Promise<RunSummary>
    /** Among the runs of its priority, 1 first. */
    moveInQueue(id: string, position: number): Promise<RunSummary>
    setPriority(id: string, priority: QueuePriority): Promise<RunSummary>
    queue(): Promise<QueueState>
    holdQueue(held: boolean): Promise<QueueState>
    pause(input: PauseRunInput): Promise<RunSummary>
    resume(input: ResumeRunInput): Promise<RunSummary>
    startSweep(input: StartSweepInput): Promise<RunSummary[]>
    /** What each run of a sweep would change. */
    expandSweep(input: StartSweepInput): Promise<Record<string, unknown>[]>
  }
  storage: {
    use(): Promise<StorageUse>
    bin(): Promise<BinEntry[]>
    /** Deletes runs in the bin for good, all of them without `ids`. Resolves with the bytes that it freed. */
    emptyBin(ids?: string[]): Promise<number>
  }
  probe: {
    /** Takes a few real steps; their progress comes as events under `id`. */
    start(input: StartRunInput): Promise<{ id: string; state: ProbeState }>
    state(id: string): Promise<ProbeState>
    cancel(id: string): Promise<ProbeState>
  }
  proofs: {
    start(runId: string): Promise<ProofState>
    state(runId: string): Promise<ProofState | null>
    cancel(runId: string): Promise<ProofState | null>
  }
  /** What happened to the host since its start, oldest first. */
  notices(): Promise<HostNotice[]>
  datasets: {
    list(): Promise<DatasetSummary[]>
    fetch(id: string): Promise<DatasetSummary>
    /** What a path is, before it is added. */
    look(path: string, boxRule?: BoxRule): Promise<SourceLook>
    add(input: AddDatasetInput): Promise<DatasetSummary>
    cancel(id: string): Promise<DatasetSummary>
    /** Forgets it and deletes what the app made; the user's files stay. */
    remove(id: string): Promise<void>
    overview(id: string): Promise<DatasetOverview>
    pictures(id: string, filter: PictureFilter, offset: number, limit: number): Promise<PicturePage>
    /** Starts the health check; its progress comes as events. */
    check(id: string): Promise<void>
    cancelCheck(id: string): Promise<void>
    exclude(input: ExcludeInput): Promise<DatasetOverview>
    setSplit(id: string, split: SplitRecipe): Promise<DatasetOverview>
    /** The split as CSV, a line for each picture. */
    exportSplit(id: string): Promise<string>
  }
  preview: { inputs(request: PreviewRequest): Promise<PreviewInputs> }
  folders: { list(path?: string): Promise<FolderListing> }
  settings: { get(): Promise<Settings>; set(change: Partial<Settings>): Promise<Settings> }
  setup: { installTensorflow(): Promise<SetupState> }
  /** Listens to live events and to the state of the connection. Returns how to stop. */
  subscribe(listener: EventListener): () => void
}
