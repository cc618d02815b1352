// What a power cut may leave of files that were being written: cut short, without their end, or not there.
import { closeSync, existsSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from './random.ts'

/** Where the files of a run lie. */
export interface DamagedRun {
  id: string
  checkpoints: string
  host: { dataDir: string }
}

const kinds = ['state', 'state-json', 'history-log', 'config', 'run-log', 'part'] as const
const ways = ['cut', 'zeros', 'gone'] as const

/** Damages one file, sometimes two, of a run whose host and worker are dead; returns what was done, such as "state cut". */
export function damageFiles(run: DamagedRun, random: Random): string[] {
  const wanted = random.between(0, 1) < 0.3 ? [random.pick(kinds), random.pick(kinds)] : [random.pick(kinds)]
  return [...new Set(wanted)].flatMap((kind) => {
    const file = fileOf(kind, run)
    if (file === null || !existsSync(file)) return []
    // The history's log is damaged at its end alone: what was flushed to the disk outlives a power cut.
    const way = kind === 'history-log' ? random.pick(['cut', 'zeros'] as const) : random.pick(ways)
    damage(file, way, kind === 'history-log' ? random.between(0.8, 1) : random.between(0, 1))
    return [`${kind} ${way}`]
  })
}

function fileOf(kind: (typeof kinds)[number], { id, checkpoints, host }: DamagedRun): string | null {
  const folder = join(host.dataDir, 'runs', id)
  switch (kind) {
    case 'state':
      return newest(checkpoints, /-state-\d+\.safetensors$/)
    case 'state-json':
      return newest(checkpoints, /-state-\d+\.json$/)
    case 'history-log':
      return join(host.dataDir, 'reprise.db-wal')
    case 'config':
      return join(folder, 'config.json')
    case 'run-log':
      return join(folder, 'log.ndjson')
    case 'part':
      return newest(checkpoints, /\.part$/)
  }
}

function newest(folder: string, name: RegExp): string | null {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => name.test(file)) : []
  const times = files.map((file) => ({ path: join(folder, file), at: statSync(join(folder, file)).mtimeMs }))
  return times.sort((a, b) => b.at - a.at)[0]?.path ?? null
}

/** Keeps the given share of a file; the rest is cut off or zeros, or the whole file is gone. */
function damage(file: string, way: (typeof ways)[number], kept: number): void {
  if (way === 'gone') {
    rmSync(file)
    return
  }
  const { size } = statSync(file)
  const from = Math.floor(size * kept)
  truncateSync(file, from)
  if (way === 'cut') return
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, Buffer.alloc(size - from), 0, size - from, from)
  closeSync(descriptor)
}
