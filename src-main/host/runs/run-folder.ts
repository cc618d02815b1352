// The folder of one run: config.json, log.ndjson, checkpoints/.
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogLine } from '../../shared/api.ts'
import { unwritableFolder } from '../db/database-error.ts'
import { runId, type StoredRun } from '../db/runs-table.ts'

export function runFolder(runsDir: string, run: number): string {
  return join(runsDir, runId(run))
}

/** The first number from `number` on that has no folder: one may be there whose run the history has lost. */
export function numberWithoutFolder(runsDir: string, number: number): number {
  let free = number
  while (existsSync(runFolder(runsDir, free))) free += 1
  return free
}

/**
 * Makes the folder and writes config.json: id, recipe and settings, so that the folder explains itself. Throws `disk-full` or
 * `history-unwritable`.
 */
export function makeRunFolder(runsDir: string, run: Pick<StoredRun, 'run' | 'name' | 'recipe' | 'config'>): void {
  const folder = runFolder(runsDir, run.run)
  try {
    mkdirSync(join(folder, 'checkpoints'), { recursive: true })
    const text = JSON.stringify({ id: runId(run.run), name: run.name, recipe: run.recipe, config: run.config }, null, 2)
    writeWhole(join(folder, 'config.json'), `${text}\n`)
  } catch (error) {
    throw unwritableFolder(folder, error)
  }
}

/** Appends to log.ndjson. A disk that is full or cannot be written loses the line here alone: the history has it, and says why. */
export function appendLog(folder: string, line: LogLine): void {
  try {
    appendFileSync(join(folder, 'log.ndjson'), `${JSON.stringify(line)}\n`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
  }
}

/** A reader finds the old file or the new one, never a part. Throws what the file system throws. */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
