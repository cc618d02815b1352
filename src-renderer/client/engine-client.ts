// The small typed interface through which the page speaks to the engine. Implemented over the wire by
// `wire-client.ts` and in memory by `memory-client.ts`. Promises reject with a RepriseError.
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
} from '../../src-main/shared/api.ts'

/** online: events arrive. away: the connection is lost and tried again. unauthorized: the session is not known. */
export type ConnectionState = 'connecting' | 'online' | 'away' | 'unauthorized'

export interface EventListener {
  onEvent(event: HostEvent): void
  onConnection(state: ConnectionState): void
}

export interface EngineClient {
  machine: { info(): Promise<MachineInfo> }
  recipes: { list(): Promise<RecipeSummary[]>; problems(): Promise<RecipeProblem[]> }
  runs: {
    list(): Promise<RunSummary[]>
    get(id: string): Promise<RunDetail>
    curves(id: string, maxPoints: number): Promise<SeedCurve[]>
    log(id: string): Promise<LogLine[]>
    preflight(input: StartRunInput): Promise<Preflight>
    start(input: StartRunInput): Promise<RunSummary>
    stop(input: StopRunInput): Promise<RunSummary>
    rename(id: string, name: string): Promise<RunSummary>
    remove(id: string): Promise<void>
    restore(id: string): Promise<RunSummary>
    moveInQueue(id: string, position: number): Promise<RunSummary>
  }
  datasets: {
    list(): Promise<DatasetSummary[]>
    fetch(id: string): Promise<DatasetSummary>
    add(input: AddDatasetInput): Promise<DatasetSummary>
    cancel(id: string): Promise<DatasetSummary>
  }
  folders: { list(path?: string): Promise<FolderListing> }
  settings: { get(): Promise<Settings>; set(change: Partial<Settings>): Promise<Settings> }
  setup: { installTensorflow(): Promise<SetupState> }
  /** Listens to live events and to the state of the connection. Returns how to stop. */
  subscribe(listener: EventListener): () => void
}
