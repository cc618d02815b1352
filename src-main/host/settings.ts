// Settings of the user, with their defaults.
import type { Settings } from '../shared/api.ts'
import type { SettingsChange } from './api/services.ts'
import type { SettingsTable } from './db/settings-table.ts'

export const defaultSettings: Settings = {
  theme: 'system',
  language: 'system',
  density: 'comfortable',
  device: 'auto',
  background: false,
}

export function readSettings(table: SettingsTable): Settings {
  const stored = table.get('settings') as Partial<Settings> | undefined
  return { ...defaultSettings, ...stored }
}

export function changeSettings(table: SettingsTable, change: SettingsChange): Settings {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  const settings = { ...readSettings(table), ...Object.fromEntries(given) } as Settings
  table.set('settings', settings)
  return settings
}
