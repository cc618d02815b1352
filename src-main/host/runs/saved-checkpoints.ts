// The checkpoints that lie in a run's folder, beside what the history knows of them.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type CheckpointEntry, checkpointEntrySchema } from '../../shared/saved-state.ts'
import type { History } from '../db/history.ts'

/**
 * Entries whose file is there with the size that they name, oldest first. The hash is checked by the worker that reads a file; a
 * file without a readable entry was not completed and is left out.
 */
export function checkpointsOnDisk(runDir: string): CheckpointEntry[] {
  const folder = join(runDir, 'checkpoints')
  return (namesIn(folder) ?? [])
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => readEntry(folder, name) ?? [])
    .sort((a, b) => a.seed - b.seed || a.step - b.step)
}

function readEntry(folder: string, name: string): CheckpointEntry | null {
  try {
    const entry = checkpointEntrySchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    const belongs = entry.file === name.replace(/\.json$/, '.safetensors')
    return belongs && statSync(join(folder, entry.file)).size === entry.bytes ? entry : null
  } catch {
    return null
  }
}

/** Null where the folder cannot be read: the end of a run, and the next start of the host, must not fail on that. */
function namesIn(folder: string): string[] | null {
  try {
    return readdirSync(folder)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : null
  }
}

/**
 * Takes in checkpoints that a worker wrote and the host did not live to note, and drops those whose file is gone. Files of earlier
 * versions have no entry and stay as long as the file does. A folder that cannot be read changes nothing.
 */
export function reconcileCheckpoints(history: History, run: number, runDir: string): void {
  const names = namesIn(join(runDir, 'checkpoints'))
  if (names === null) return
  const files = new Set(names)
  const onDisk = checkpointsOnDisk(runDir)
  const whole = new Set(onDisk.map(({ file }) => file))
  history.db.transaction(() => {
    for (const { file, sha256 } of history.checkpoints.list(run)) {
      if (!whole.has(file) && (sha256 !== '' || !files.has(file))) history.checkpoints.remove(run, file)
    }
    for (const entry of onDisk) history.checkpoints.put(run, entry)
  })()
}
