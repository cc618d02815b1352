// The folder of one run: config.json, log.ndjson, checkpoints/.
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogLine } from '../../shared/api.ts'
import type { StoredRun } from '../db/runs-table.ts'
import { runId } from '../db/runs-table.ts'

export function runFolder(runsDir: string, run: number): string {
  return join(runsDir, runId(run))
}

/** Makes the folder and writes config.json: id, recipe and settings, so that the folder explains itself. */
export function makeRunFolder(runsDir: string, run: Pick<StoredRun, 'run' | 'name' | 'recipe' | 'config'>): string {
  const folder = runFolder(runsDir, run.run)
  mkdirSync(join(folder, 'checkpoints'), { recursive: true })
  const text = JSON.stringify({ id: runId(run.run), name: run.name, recipe: run.recipe, config: run.config }, null, 2)
  writeWhole(join(folder, 'config.json'), `${text}\n`)
  return folder
}

/** Appends to log.ndjson; a disk that is full loses the line here, the history says so itself. */
export function appendLog(folder: string, line: LogLine): void {
  try {
    appendFileSync(join(folder, 'log.ndjson'), `${JSON.stringify(line)}\n`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
