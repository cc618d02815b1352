// The newest probe of each config on this machine.
import type { Database } from 'better-sqlite3'
import type { ProbeResult } from '../../shared/probe.ts'

export interface ProbesTable {
  /** @param key names everything that the figures depend on, such as config and machine */
  put(key: string, result: ProbeResult): void
  get(key: string): ProbeResult | null
}

export function createProbesTable(db: Database): ProbesTable {
  const put = db.prepare('INSERT OR REPLACE INTO probes (key, at, result) VALUES (?, ?, ?)')
  const get = db.prepare<[string], { result: string }>('SELECT result FROM probes WHERE key = ?')
  return {
    put: (key, result) => put.run(key, result.at, JSON.stringify(result)),
    get: (key) => {
      const row = get.get(key)
      return row ? (JSON.parse(row.result) as ProbeResult) : null
    },
  }
}
