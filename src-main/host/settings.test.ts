import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { createSettingsTable } from './db/settings-table.ts'
import { changeSettings, defaultSettings, readSettings, settingsSchema } from './settings.ts'
import { startTestHost } from './test-host/start-test-host.ts'

function table() {
  const db = new Database(':memory:')
  onTestFinished(() => void db.close())
  db.exec('CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)')
  return createSettingsTable(db)
}

test('the defaults are valid, and hold until something else is chosen', () => {
  const settings = table()
  expect(settingsSchema.safeParse(defaultSettings).success).toBe(true)
  expect(readSettings(settings)).toEqual(defaultSettings)
  expect(changeSettings(settings, { maxCelsius: 70, theme: undefined })).toEqual({ ...defaultSettings, maxCelsius: 70 })
  expect(readSettings(settings).maxCelsius).toBe(70)
})

test('a stored value that is not valid gives way to the default, alone', () => {
  const settings = table()
  settings.set('settings', { binDays: -1, keepAwake: false, colour: 'red' })
  expect(readSettings(settings)).toEqual({ ...defaultSettings, keepAwake: false })
})

test('what is out of range is refused at the API', async () => {
  const host = await startTestHost()
  const refused = async (change: Parameters<typeof host.client.settings.set.mutate>[0]) =>
    host.client.settings.set.mutate(change).then(
      () => 'taken',
      (error) => error.data.report.code,
    )
  expect(await refused({ maxCelsius: 300 })).toBe('usage')
  expect(await refused({ minFreeBytes: -5 })).toBe('usage')
  expect(await refused({ binDays: 0.5 })).toBe('usage')
  expect(await refused({ minFreeBytes: 5e9, binDays: 0, maxCelsius: 0, resumeByItself: true })).toBe('taken')
  expect(await host.client.settings.get.query()).toMatchObject({ minFreeBytes: 5e9, binDays: 0, resumeByItself: true })
})
