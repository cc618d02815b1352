// The host's API, for bringing the app into a state and for looking behind the window.

import { readHostAddress } from '../../src-main/launch/host-address.ts'
import type {
  DatasetSummary,
  RunDetail,
  RunSummary,
  Settings,
  StartRunInput,
  StopRunInput,
} from '../../src-main/shared/api.ts'

/** Calls the host that runs on a data folder; every method rejects while none does. */
export function hostApi(dataDir: string) {
  async function call<T>(method: 'GET' | 'POST', procedure: string, input?: unknown): Promise<T> {
    const host = readHostAddress(dataDir)
    if (!host) throw new Error(`No host runs on ${dataDir}`)
    const query = method === 'GET' && input !== undefined ? `?input=${encodeURIComponent(JSON.stringify(input))}` : ''
    const response = await fetch(`http://127.0.0.1:${host.port}/trpc/${procedure}${query}`, {
      method,
      headers: { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: JSON.stringify(input) }),
    })
    if (!response.ok) throw new Error(`${procedure}: ${response.status} ${await response.text()}`)
    return ((await response.json()) as { result: { data: T } }).result.data
  }
  return {
    runs: () => call<RunSummary[]>('GET', 'runs.list'),
    run: (id: string) => call<RunDetail>('GET', 'runs.get', { id }),
    start: (input: StartRunInput) => call<RunSummary>('POST', 'runs.start', input),
    stop: (input: StopRunInput) => call<RunSummary>('POST', 'runs.stop', input),
    set: (change: Partial<Settings>) => call<Settings>('POST', 'settings.set', change),
    datasets: () => call<DatasetSummary[]>('GET', 'datasets.list'),
    fetchDataset: (id: string) => call<DatasetSummary>('POST', 'datasets.fetch', { id }),
  }
}

/** A training on the shipped sample that goes on until it is stopped. */
export const longRun: StartRunInput = {
  recipeId: 'fashion-sample',
  name: 'Long sample',
  changes: { 'train.length': 1000, 'evaluation.every': 1000 },
}
