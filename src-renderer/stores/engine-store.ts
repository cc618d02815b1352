// The engine as the page knows it: connection, machine, settings, recipes, data sets.
import { create } from 'zustand'
import type {
  DatasetSummary,
  HostEvent,
  HostNotice,
  MachineInfo,
  RecipeProblem,
  RecipeSummary,
  Settings,
  SetupState,
} from '../../src-main/shared/api.ts'
import { type ErrorReport, toErrorReport } from '../../src-main/shared/errors.ts'
import { engineClient } from '../client/current-client.ts'
import type { ConnectionState } from '../client/engine-client.ts'

export interface EngineState {
  connection: ConnectionState
  /** True once events arrived: before, being away means that no engine was ever there. */
  everOnline: boolean
  /** When the connection was lost, for "last known figures". */
  awaySince: number | null
  machine: MachineInfo | null
  settings: Settings | null
  recipes: RecipeSummary[] | null
  recipeProblems: RecipeProblem[]
  datasets: DatasetSummary[] | null
  /** What happened to the engine since its start, oldest first. */
  notices: HostNotice[]
  /** Why the lists could not be read. */
  error: ErrorReport | null
}

export const useEngineStore = create<EngineState>()(() => ({
  connection: 'connecting',
  everOnline: false,
  awaySince: null,
  machine: null,
  settings: null,
  recipes: null,
  recipeProblems: [],
  datasets: null,
  notices: [],
  error: null,
}))

const { setState, getState } = useEngineStore

/** Reads everything this store holds. */
export async function refreshEngine(): Promise<void> {
  const client = engineClient()
  try {
    const [machine, settings, recipes, recipeProblems, datasets, notices] = await Promise.all([
      client.machine.info(),
      client.settings.get(),
      client.recipes.list(),
      client.recipes.problems(),
      client.datasets.list(),
      client.notices(),
    ])
    setState({ machine, settings, recipes, recipeProblems, datasets, notices, error: null })
  } catch (error) {
    setState({ error: toErrorReport(error) })
  }
}

/** Reads the machine again: free disk, memory and network requests change without an event. */
export async function refreshMachine(): Promise<void> {
  try {
    setState({ machine: await engineClient().machine.info() })
  } catch {
    // The last known figures stay; the connection state says that they may be old.
  }
}

/** Times and best verdicts in the recipe list follow finished runs. */
export async function refreshRecipes(): Promise<void> {
  try {
    setState({ recipes: await engineClient().recipes.list() })
  } catch {
    // The list stays as it was; a lost connection is shown by its own banner.
  }
}

/** Shows the change at once and keeps it in the engine; goes back when the engine refuses. */
export async function changeSettings(change: Partial<Settings>): Promise<void> {
  const before = getState().settings
  if (before) setState({ settings: { ...before, ...change } })
  try {
    setState({ settings: await engineClient().settings.set(change) })
  } catch (error) {
    setState({ settings: before })
    throw error
  }
}

function setSetup(setup: SetupState) {
  const { machine } = getState()
  if (machine)
    setState({ machine: { ...machine, setup, versions: { ...machine.versions, tensorflow: setup.version } } })
}

/** Puts a data set in the list: replaced in its place, or added at the end. */
export function putDataset(dataset: DatasetSummary): void {
  const datasets = getState().datasets ?? []
  const known = datasets.some((one) => one.id === dataset.id)
  setState({
    datasets: known ? datasets.map((one) => (one.id === dataset.id ? dataset : one)) : [...datasets, dataset],
  })
}

function dropDataset(id: string) {
  setState({ datasets: getState().datasets?.filter((dataset) => dataset.id !== id) ?? null })
}

/** Takes over what an event says about this store's part. */
export function applyEngineEvent(event: HostEvent): void {
  if (event.type === 'dataset') putDataset(event.dataset)
  else if (event.type === 'dataset-removed') dropDataset(event.id)
  else if (event.type === 'setup') setSetup(event.setup)
  else if (event.type === 'notice') setState({ notices: [...getState().notices, event.notice] })
  else if (event.type === 'run' && event.run.verdict && event.run.finishedAt !== null) void refreshRecipes()
}

/** Takes over the state of the connection. */
export function setConnection(connection: ConnectionState): void {
  const { everOnline, awaySince } = getState()
  setState({
    connection,
    everOnline: everOnline || connection === 'online',
    awaySince: connection === 'online' ? null : (awaySince ?? Date.now()),
  })
}
