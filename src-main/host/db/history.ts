// All tables of one open database.
import type { Database } from 'better-sqlite3'
import { type AlertsTable, createAlertsTable } from './alerts-table.ts'
import { type CheckpointsTable, createCheckpointsTable } from './checkpoints-table.ts'
import { createDataSetsTable, type DataSetsTable } from './data-sets-table.ts'
import { createEpochsTable, type EpochsTable } from './epochs-table.ts'
import { createLogsTable, type LogsTable } from './logs-table.ts'
import { createProbesTable, type ProbesTable } from './probes-table.ts'
import { createRunsTable, type RunsTable } from './runs-table.ts'
import { createSeedsTable, type SeedsTable } from './seeds-table.ts'
import { createSettingsTable, type SettingsTable } from './settings-table.ts'
import { createStepsTable, type StepsTable } from './steps-table.ts'

export interface History {
  db: Database
  /** One transaction that outlives even a power loss once it returns; the others outlive the death of the host alone. */
  durably<T>(action: () => T): T
  /** The same for `action` that makes its own transactions. */
  synced<T>(action: () => T): T
  runs: RunsTable
  seeds: SeedsTable
  epochs: EpochsTable
  steps: StepsTable
  checkpoints: CheckpointsTable
  alerts: AlertsTable
  logs: LogsTable
  probes: ProbesTable
  dataSets: DataSetsTable
  settings: SettingsTable
}

export function createHistory(db: Database): History {
  return {
    db,
    durably: (action) => synced(db, () => db.transaction(action)()),
    synced: (action) => synced(db, action),
    runs: createRunsTable(db),
    seeds: createSeedsTable(db),
    epochs: createEpochsTable(db),
    steps: createStepsTable(db),
    checkpoints: createCheckpointsTable(db),
    alerts: createAlertsTable(db),
    logs: createLogsTable(db),
    probes: createProbesTable(db),
    dataSets: createDataSetsTable(db),
    settings: createSettingsTable(db),
  }
}

/**
 * In WAL mode with synchronous NORMAL, a commit is on the disk only after the next checkpoint of the log
 * (https://sqlite.org/pragma.html#pragma_synchronous); with FULL, before it returns.
 */
export function synced<T>(db: Database, action: () => T): T {
  if (db.inTransaction) return action()
  db.pragma('synchronous = FULL')
  try {
    return action()
  } finally {
    db.pragma('synchronous = NORMAL')
  }
}
