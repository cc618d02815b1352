// The host's API, for bringing the app into a state and for looking behind the window.
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { WebSocket } from 'ws'
import type { AppRouter } from '../../src-main/host/api/router.ts'
import { readHostAddress } from '../../src-main/launch/host-address.ts'
import type { RunDetail } from '../../src-main/shared/api.ts'

/** Makes calls to the host that runs on a data folder, over a connection for these calls alone. */
export async function withHostApi<T>(dataDir: string, use: (api: TRPCClient<AppRouter>) => Promise<T>): Promise<T> {
  const host = readHostAddress(dataDir)
  if (!host) throw new Error(`No host runs on ${dataDir}`)
  class TokenSocket extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers: { authorization: `Bearer ${host?.token}` } })
    }
  }
  const socket = createWSClient({
    url: `ws://127.0.0.1:${host.port}/trpc`,
    WebSocket: TokenSocket as unknown as typeof globalThis.WebSocket,
  })
  try {
    return await use(createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] }))
  } finally {
    await socket.close()
  }
}

export const runDetail = (dataDir: string, id: string): Promise<RunDetail> =>
  withHostApi(dataDir, (api) => api.runs.get.query({ id }))

/** A training on the shipped sample that goes on until it is stopped. */
const longRun = {
  recipeId: 'fashion-sample',
  name: 'Long sample',
  changes: { 'train.length': 1000, 'evaluation.every': 1000, 'seeds.count': 1 },
}

/** Starts it and resolves with its id. */
export async function startLongRun(dataDir: string): Promise<string> {
  return (await withHostApi(dataDir, (api) => api.runs.start.mutate(longRun))).id
}

/** Puts a short training at the end of the queue. */
export async function queueSample(dataDir: string, name: string): Promise<void> {
  const changes = { 'train.length': 1, 'seeds.count': 1 }
  await withHostApi(dataDir, (api) => api.runs.start.mutate({ recipeId: 'fashion-sample', name, changes }))
}

/** Steps that a run has trained; 0 while it does not train. */
export async function trainedSteps(dataDir: string, id: string): Promise<number> {
  const run = await runDetail(dataDir, id)
  return run.status === 'running' ? (run.live?.step ?? 0) : 0
}
