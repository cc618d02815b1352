// An engine that lives in memory, for tests of stores and screens: real behaviour for what it holds, no training.
import {
  type DatasetSummary,
  type HostEvent,
  type HostNotice,
  type LogLine,
  type MachineInfo,
  type QueueState,
  queuePriorities,
  type RecipeSummary,
  type RunDetail,
  type RunSummary,
  type SeedCurve,
  type Settings,
} from '../../src-main/shared/api.ts'
import type {
  DatasetOverview,
  FindingKind,
  PictureFilter,
  PictureItem,
  SourceLook,
} from '../../src-main/shared/dataset-views.ts'
import { RepriseError } from '../../src-main/shared/errors.ts'
import type { ConnectionState, EngineClient, EventListener } from './engine-client.ts'

/** What the engine knows of a data set beyond its line. */
export interface MemoryDataset {
  overview: DatasetOverview
  /** In order; their numbers are their places. */
  pictures: PictureItem[]
  /** Pictures of findings, by number. */
  members: Partial<Record<FindingKind, number[]>>
}

export interface MemoryEngine {
  machine: MachineInfo
  recipes: RecipeSummary[]
  runs: RunSummary[]
  details: Record<string, RunDetail>
  curves: Record<string, SeedCurve[]>
  logs: Record<string, LogLine[]>
  datasets: DatasetSummary[]
  contents: Record<string, MemoryDataset>
  /** What paths turn out to be. */
  sources: SourceLook[]
  settings: Settings
  /** Runs in the bin, and the bytes of each. */
  bin: RunSummary[]
  binBytes: Record<string, number>
  queue: QueueState
  notices: HostNotice[]
}

type EventBody = HostEvent extends infer E ? (E extends HostEvent ? Omit<E, 'seq'> : never) : never

export interface MemoryClient extends EngineClient {
  engine: MemoryEngine
  /** Sends an event to all listeners, with the next number; `skip` leaves out numbers, as a lost message would. */
  emit(body: EventBody, skip?: number): void
  setConnection(state: ConnectionState): void
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

const noSuchRun = (id: string) =>
  new RepriseError({
    code: 'unknown-run',
    message: `There is no run "${id}".`,
    found: id,
    fix: 'Open the list of runs.',
  })

/** A client over the given engine. Lists are copied on the way out, as the wire does. */
export function createMemoryClient(engine: MemoryEngine): MemoryClient {
  const listeners = new Set<EventListener>()
  let seq = 0
  let connection: ConnectionState = 'online'

  const emit = (body: EventBody, skip = 0) => {
    seq += 1 + skip
    for (const listener of listeners) listener.onEvent(structuredClone({ ...body, seq }) as HostEvent)
  }
  const find = (id: string) => {
    const run = engine.runs.find((candidate) => candidate.id === id)
    if (!run) throw noSuchRun(id)
    return run
  }
  const change = (id: string, patch: Partial<RunSummary>) => {
    const run = Object.assign(find(id), patch)
    emit({ type: 'run', run })
    return structuredClone(run)
  }
  const dataset = (id: string) => {
    const found = engine.datasets.find((candidate) => candidate.id === id)
    if (!found) throw new RepriseError({ code: 'unknown-dataset', message: `There is no data set "${id}".`, found: id })
    return found
  }
  const content = (id: string) => {
    const found = engine.contents[id]
    if (!found) throw new RepriseError({ code: 'data-missing', message: `"${id}" is not on this machine.`, found: id })
    return found
  }
  const isWanted =
    ({ members }: MemoryDataset, filter: PictureFilter) =>
    (item: PictureItem) =>
      (filter.part === undefined || item.part === filter.part) &&
      (filter.label === undefined || item.label === filter.label) &&
      (filter.excluded === undefined || item.excluded === filter.excluded) &&
      (filter.text === undefined || item.name.includes(filter.text)) &&
      (filter.finding === undefined || (members[filter.finding] ?? []).includes(item.picture))
  /** Counts of classes and findings follow the pictures. */
  const recount = (found: MemoryDataset) => {
    const { overview, pictures, members } = found
    const countOf = (part: PictureItem['part'], label: number) =>
      pictures.filter((item) => !item.excluded && item.part === part && item.label === label).length
    overview.classes.forEach((one, label) => {
      const [train, val, test] = [countOf('train', label), countOf('val', label), countOf('test', label)]
      const excluded = pictures.filter((item) => item.excluded && item.label === label).length
      Object.assign(one, { train, val, test, excluded })
    })
    overview.excluded = pictures.filter(({ excluded }) => excluded).length
    for (const finding of overview.health?.findings ?? []) {
      finding.excluded = (members[finding.kind] ?? []).filter((picture) => pictures[picture]?.excluded).length
    }
    return structuredClone(overview)
  }
  const queued = () =>
    engine.runs
      .filter((run) => run.queuePosition !== null)
      .sort((a, b) => (a.queuePosition ?? 0) - (b.queuePosition ?? 0))
  /** Numbers the queue: by priority, and in the given order within each. */
  const placeAnew = (order: readonly RunSummary[]) => {
    const places = queuePriorities.flatMap((priority) => order.filter((run) => run.priority === priority))
    places.forEach((run, index) => {
      change(run.id, { queuePosition: index + 1 })
    })
  }
  const notHere = async (): Promise<never> => {
    throw new RepriseError({ code: 'not-allowed', message: 'The engine in memory does not train.' })
  }

  return {
    engine,
    emit,
    setConnection(state) {
      connection = state
      for (const listener of listeners) listener.onConnection(state)
    },
    machine: { info: async () => structuredClone(engine.machine) },
    recipes: { list: async () => structuredClone(engine.recipes), problems: async () => [] },
    runs: {
      list: async (which) => structuredClone(which?.bin ? engine.bin : engine.runs),
      get: async (id) => {
        const detail = engine.details[id]
        if (!detail) throw noSuchRun(id)
        return structuredClone(detail)
      },
      curves: async (id) => structuredClone(engine.curves[id] ?? []),
      log: async (id) => structuredClone(engine.logs[id] ?? []),
      preflight: notHere,
      start: notHere,
      stop: async ({ runId }) => change(runId, { status: 'stopping' }),
      rename: async (id, name) => change(id, { name }),
      remove: async (id) => {
        engine.bin.push(find(id))
        engine.runs = engine.runs.filter((run) => run.id !== id)
        emit({ type: 'run-removed', runId: id })
      },
      restore: async (id) => {
        const run = engine.bin.find((one) => one.id === id)
        if (!run) throw noSuchRun(id)
        engine.bin = engine.bin.filter((one) => one !== run)
        engine.runs.push(run)
        return change(id, {})
      },
      moveInQueue: async (id, position) => {
        const moved = find(id)
        const queue = queued().filter((run) => run.id !== id && run.priority === moved.priority)
        queue.splice(position - 1, 0, moved)
        placeAnew([...queued().filter((run) => run.priority !== moved.priority), ...queue])
        return structuredClone(find(id))
      },
      setPriority: async (id, priority) => {
        find(id).priority = priority
        placeAnew(queued())
        return structuredClone(find(id))
      },
      queue: async () => structuredClone(engine.queue),
      holdQueue: async (held) => {
        engine.queue = { held, reason: held ? 'user' : null }
        emit({ type: 'queue', queue: engine.queue })
        return structuredClone(engine.queue)
      },
      pause: async ({ runId, keepDevice }) => change(runId, { status: 'pausing', keepsDevice: keepDevice }),
      resume: async ({ runId }) => change(runId, { status: 'queued', interruption: null, keepsDevice: false }),
      startSweep: notHere,
      expandSweep: notHere,
    },
    storage: {
      use: async () => ({
        dataFolder: engine.machine.dataFolder,
        freeBytes: engine.machine.diskFreeBytes,
        totalBytes: 2 * engine.machine.diskFreeBytes,
        datasetsBytes: 0,
        runsBytes: 0,
        binBytes: sum(engine.bin.map(({ id }) => engine.binBytes[id] ?? 0)),
        historyBytes: 0,
      }),
      bin: async () =>
        engine.bin.map(({ id, name, recipeId }) => ({
          runId: id,
          name,
          recipeId,
          removedAt: 1000,
          deletedAt: engine.settings.binDays === 0 ? null : 1000 + engine.settings.binDays * 86_400_000,
          bytes: engine.binBytes[id] ?? 0,
        })),
      emptyBin: async (ids) => {
        const gone = engine.bin.filter(({ id }) => ids === undefined || ids.includes(id))
        engine.bin = engine.bin.filter((run) => !gone.includes(run))
        return sum(gone.map(({ id }) => engine.binBytes[id] ?? 0))
      },
    },
    probe: { start: notHere, state: notHere, cancel: notHere },
    proofs: { start: notHere, state: async () => null, cancel: async () => null },
    notices: async () => structuredClone(engine.notices),
    datasets: {
      list: async () => structuredClone(engine.datasets),
      fetch: async (id) => {
        const found = Object.assign(dataset(id), { status: 'fetching' as const })
        emit({ type: 'dataset', dataset: found })
        return structuredClone(found)
      },
      add: notHere,
      cancel: async (id) => {
        const found = Object.assign(dataset(id), { status: 'absent' as const, progress: null })
        emit({ type: 'dataset', dataset: found })
        return structuredClone(found)
      },
      look: async (path) => {
        const look = engine.sources.find((source) => source.path === path)
        if (look) return structuredClone(look)
        throw new RepriseError({
          code: 'data-format',
          message: 'No data set is recognised here.',
          found: path,
          fix: 'Choose a folder with one folder of pictures per class.',
        })
      },
      remove: async (id) => {
        dataset(id)
        engine.datasets = engine.datasets.filter((one) => one.id !== id)
        delete engine.contents[id]
        emit({ type: 'dataset-removed', id })
      },
      overview: async (id) => structuredClone(content(id).overview),
      pictures: async (id, filter, offset, limit) => {
        const found = content(id)
        const wanted = found.pictures.filter(isWanted(found, filter))
        return structuredClone({ total: wanted.length, items: wanted.slice(offset, offset + limit) })
      },
      check: async (id) => {
        const { overview } = content(id)
        overview.checking = { text: 'Reading', done: 0, total: overview.pictures, secondsLeft: null }
        emit({ type: 'dataset-check', id, checking: overview.checking })
      },
      cancelCheck: async (id) => {
        content(id).overview.checking = null
        emit({ type: 'dataset-check', id, checking: null })
      },
      exclude: async ({ id, finding, pictures = [], excluded }) => {
        const found = content(id)
        const meant = new Set([...pictures, ...(finding ? (found.members[finding] ?? []) : [])])
        for (const item of found.pictures) if (meant.has(item.picture)) item.excluded = excluded
        return recount(found)
      },
      setSplit: async (id, split) => structuredClone(Object.assign(content(id).overview, { split })),
      exportSplit: async (id) =>
        [
          'path,label,part',
          ...content(id).pictures.map((item) => `${item.name},${item.label},${item.part ?? ''}`),
        ].join('\n'),
    },
    preview: { inputs: notHere },
    folders: { list: async () => ({ path: '/home', parent: null, roots: ['/home'], entries: [] }) },
    settings: {
      get: async () => structuredClone(engine.settings),
      set: async (patch) => structuredClone(Object.assign(engine.settings, patch)),
    },
    setup: { installTensorflow: async () => structuredClone(engine.machine.setup) },
    subscribe(listener) {
      listeners.add(listener)
      listener.onConnection(connection)
      return () => listeners.delete(listener)
    },
  }
}
