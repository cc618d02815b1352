// Requests that this host and its workers sent out since the start, for the line in the status bar.
import type { MachineInfo } from '../../shared/api.ts'

export type NetworkRequest = MachineInfo['networkRequests'][number]

export interface NetworkLog {
  note(what: string): void
  list(): NetworkRequest[]
}

export function createNetworkLog(): NetworkLog {
  const requests: NetworkRequest[] = []
  return {
    note: (what) => requests.push({ at: Date.now(), what }),
    list: () => [...requests],
  }
}
