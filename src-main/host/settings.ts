// Settings of the user, with their defaults and limits.
import { z } from 'zod'
import type { Settings } from '../shared/api.ts'
import type { SettingsChange } from './api/services.ts'
import type { SettingsTable } from './db/settings-table.ts'

export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'zh']),
  density: z.enum(['comfortable', 'compact']),
  device: z.string().regex(/^(auto|cpu|gpu:\d+)$/, 'auto, cpu, or gpu:N'),
  background: z.boolean(),
  resumeByItself: z.boolean(),
  keepAwake: z.boolean(),
  notifyWhenDone: z.boolean(),
  maxCelsius: z.number().min(0).max(120),
  minFreeBytes: z.int().min(0),
  binDays: z.int().min(0).max(3650),
}) satisfies z.ZodType<Settings>

/**
 * `maxCelsius`: GPUs slow themselves at 83 to 88 degrees, and sound ones stay below 90 under any load; CPUs are built to stay at
 * 95 to 100 (AMD and Intel, maximum operating temperature), which is why theirs is 10 higher. A machine that passes these limits
 * has a cooling that fails.
 */
export const defaultSettings: Settings = {
  theme: 'system',
  language: 'system',
  density: 'comfortable',
  device: 'auto',
  background: false,
  resumeByItself: false,
  keepAwake: true,
  notifyWhenDone: true,
  maxCelsius: 90,
  minFreeBytes: 2 * 1024 ** 3,
  binDays: 30,
}

/** What is stored, and the default of each setting that is not, or is no longer valid. */
export function readSettings(table: SettingsTable): Settings {
  const stored = Object.entries((table.get('settings') ?? {}) as Partial<Settings>)
  const valid = stored.filter(([key, value]) => {
    const field = settingsSchema.shape[key as keyof Settings]
    return field?.safeParse(value).success
  })
  return { ...defaultSettings, ...Object.fromEntries(valid) }
}

export function changeSettings(table: SettingsTable, change: SettingsChange): Settings {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  const settings = { ...readSettings(table), ...Object.fromEntries(given) } as Settings
  table.set('settings', settings)
  return settings
}
