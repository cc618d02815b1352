// Looks, after an unclean end, whether the checkpoints on the disk are what was written.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { toErrorReport } from '../../shared/errors.ts'
import type { HostContext } from '../host-context.ts'
import { runFolder } from '../runs/run-folder.ts'
import { checkpointsOnDisk } from '../runs/saved-checkpoints.ts'

export interface CheckedCheckpoints {
  /** Checkpoints looked at, those that are damaged among them. */
  files: number
  /** Paths from the runs folder of those whose size or content is not what their entry says. */
  damaged: string[]
}

/**
 * Reads the checkpoints of these run folders, one after the other, and compares each with the SHA-256 of its entry. Files without
 * an entry were not completed and are no checkpoints. Rejects when aborted.
 */
export async function checkCheckpoints(runDirs: string[], signal: AbortSignal): Promise<CheckedCheckpoints> {
  let files = 0
  const damaged: string[] = []
  for (const runDir of runDirs) {
    const folder = join(runDir, 'checkpoints')
    const named = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'))
    const hashes = () => new Map(checkpointsOnDisk(runDir).map((entry) => [entry.file, entry.sha256]))
    const expected = hashes()
    for (const name of named) {
      signal.throwIfAborted()
      const file = name.replace(/\.json$/, '.safetensors')
      if (name === manifestOfBefore && !expected.has(file)) continue
      const found = await sha256(join(folder, file), signal)
      signal.throwIfAborted()
      const sound = found !== null && found === expected.get(file)
      // A run that goes on meanwhile removes states that it needs no more, and may write others in their place.
      if (!sound && (!existsSync(join(folder, name)) || hashes().get(file) !== expected.get(file))) continue
      files += 1
      if (!sound) damaged.push(join(basename(runDir), 'checkpoints', file))
    }
  }
  return { files, damaged }
}

/**
 * Checks the checkpoints of every run outside the bin in the background, those of the broken runs first, and tells `engine-back`:
 * how many are whole, how many are damaged, and whether the queue is held.
 */
export async function checkAfterUncleanEnd(
  { history, folders, notices, log }: Pick<HostContext, 'history' | 'folders' | 'notices' | 'log'>,
  { broken, held }: { broken: number[]; held: boolean },
  signal: AbortSignal,
): Promise<void> {
  const all = history.runs.list({ bin: false }).map(({ run }) => run)
  const others = all.filter((run) => !broken.includes(run))
  try {
    const runDirs = [...broken, ...others].map((run) => runFolder(folders.runs, run))
    const { files, damaged } = await checkCheckpoints(runDirs, signal)
    for (const file of damaged) log.warn({ file }, 'checkpoint is damaged')
    const checkpoints = files - damaged.length
    notices.tell('engine-back', { checkpoints, damaged: damaged.length, held: held ? 'yes' : 'no' })
  } catch (error) {
    if (!signal.aborted) log.error({ error: toErrorReport(error) }, 'checkpoints could not be checked')
  }
}

/** Versions before kept one list for all files, without hashes. */
const manifestOfBefore = 'manifest.json'

/** Null where the file vanished meanwhile or cannot be read. */
async function sha256(file: string, signal: AbortSignal): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1024 ** 2 }), hash, { signal })
    return hash.digest('hex')
  } catch {
    return null
  }
}
