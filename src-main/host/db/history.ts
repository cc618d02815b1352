// All tables of one open database.
import type { Database } from 'better-sqlite3'
import { type CheckpointsTable, createCheckpointsTable } from './checkpoints-table.ts'
import { createDataSetsTable, type DataSetsTable } from './data-sets-table.ts'
import { createEpochsTable, type EpochsTable } from './epochs-table.ts'
import { createLogsTable, type LogsTable } from './logs-table.ts'
import { createRunsTable, type RunsTable } from './runs-table.ts'
import { createSeedsTable, type SeedsTable } from './seeds-table.ts'
import { createSettingsTable, type SettingsTable } from './settings-table.ts'
import { createStepsTable, type StepsTable } from './steps-table.ts'

export interface History {
  db: Database
  runs: RunsTable
  seeds: SeedsTable
  epochs: EpochsTable
  steps: StepsTable
  checkpoints: CheckpointsTable
  logs: LogsTable
  dataSets: DataSetsTable
  settings: SettingsTable
}

export function createHistory(db: Database): History {
  return {
    db,
    runs: createRunsTable(db),
    seeds: createSeedsTable(db),
    epochs: createEpochsTable(db),
    steps: createStepsTable(db),
    checkpoints: createCheckpointsTable(db),
    logs: createLogsTable(db),
    dataSets: createDataSetsTable(db),
    settings: createSettingsTable(db),
  }
}
