// Settings of the user, and what the host remembers between starts.
import type { Database } from 'better-sqlite3'

export interface SettingsTable {
  get(key: string): unknown
  set(key: string, value: unknown): void
}

export function createSettingsTable(db: Database): SettingsTable {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?')
  const set = db.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)')
  return {
    get: (key) => {
      const row = get.get(key)
      return row === undefined ? undefined : (JSON.parse(row.value) as unknown)
    },
    set: (key, value) => set.run(key, JSON.stringify(value)),
  }
}
