// What happened to the host rather than to one run, since its start.
import type { HostNotice } from '../shared/api.ts'
import type { EventBus } from './event-bus.ts'

export interface Notices {
  tell(kind: HostNotice['kind'], values?: HostNotice['values']): void
  /** Oldest first. */
  list(): HostNotice[]
}

const kept = 200

export function createNotices(events: Pick<EventBus, 'publish'>): Notices {
  const notices: HostNotice[] = []
  return {
    tell: (kind, values = {}) => {
      const notice = { at: Date.now(), kind, values }
      notices.push(notice)
      if (notices.length > kept) notices.shift()
      events.publish({ type: 'notice', notice })
    },
    list: () => [...notices],
  }
}
