// Deletes runs for good. The folder is first renamed, which cannot be half done, then the rows go, then the files: a deletion that
// was broken off anywhere is finished at the next start.
import { existsSync, readdirSync, renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { RepriseError } from '../../shared/errors.ts'
import type { History } from '../db/history.ts'
import { runId, runNumber } from '../db/runs-table.ts'

const prefix = '.deleting-'

/**
 * Deletes one run, which lies in the bin and does not train. Links in its folder are removed and never followed. Throws
 * `not-allowed` where the folder may not be changed, or what SQLite throws; the run is whole in the bin then. Files that cannot be
 * deleted are tried again at the next start.
 */
export async function deleteRun(runsDir: string, history: History, run: number): Promise<void> {
  const folder = join(runsDir, runId(run))
  const doomed = join(runsDir, `${prefix}${runId(run)}`)
  const renamed = rename(folder, doomed)
  try {
    history.runs.delete(run)
  } catch (error) {
    if (!isFullDisk(error)) {
      if (renamed) renameSync(doomed, folder)
      throw error
    }
    // The files must go first to make room for the change of the history.
    await rm(doomed, { recursive: true, force: true })
    history.runs.delete(run)
    return
  }
  await rm(doomed, { recursive: true, force: true })
}

/** A log that cannot grow on a full disk fails in more than one way. */
function isFullDisk(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(FULL|IOERR)/.test(error.code)
}

function rename(folder: string, doomed: string): boolean {
  try {
    renameSync(folder, doomed)
    return true
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    throw new RepriseError(
      {
        code: 'not-allowed',
        message: 'The folder of the run cannot be deleted.',
        expected: 'a folder that may be changed',
        found: message,
        fix: `Close what uses ${folder}, or give yourself the right to write there.`,
      },
      { cause: error },
    )
  }
}

/**
 * Finishes deletions that an earlier host began: rows at once, files in the background. A folder whose run lies not in the bin, as
 * after a copy of the history was put back, gets its name back instead.
 * @returns resolves when the files are gone
 */
export async function finishDeletions(runsDir: string, history: History): Promise<void> {
  const doomed = readdirSync(runsDir).flatMap((name) => {
    const run = name.startsWith(prefix) ? runNumber(name.slice(prefix.length)) : null
    return run === null ? [] : [{ run, path: join(runsDir, name) }]
  })
  const files = doomed.flatMap(({ run, path }) => {
    const folder = join(runsDir, runId(run))
    const stored = history.runs.get(run)
    if (stored?.removedAt === null && !existsSync(folder)) {
      renameSync(path, folder)
      return []
    }
    if (stored && stored.removedAt !== null) history.runs.delete(run)
    return [path]
  })
  await Promise.all(files.map((path) => rm(path, { recursive: true, force: true })))
}
