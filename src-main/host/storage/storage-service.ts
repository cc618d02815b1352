// What lies on the disk of the data folder, and the bin.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RepriseError, toErrorReport } from '../../shared/errors.ts'
import type { BinEntry, StorageUse } from '../../shared/storage-use.ts'
import type { StorageService } from '../api/services.ts'
import { databaseName } from '../db/database.ts'
import { runId, runNumber, type StoredRun, unknownRun } from '../db/runs-table.ts'
import type { HostContext } from '../host-context.ts'
import { type ClockReading, clockDrift, readClocks } from '../machine/clocks.ts'
import { diskTotalBytes } from '../machine/disk.ts'
import { runFolder } from '../runs/run-folder.ts'
import { deleteRun, finishDeletions } from './delete-run.ts'
import { fileBytes, folderBytes } from './folder-bytes.ts'

export interface StorageParts {
  context: Pick<HostContext, 'history' | 'folders' | 'freeBytes' | 'events' | 'log'>
  /** 0 keeps what is in the bin. */
  binDays(): number
  /** Whether a worker trains this run, or waits with its device. */
  trains(run: number): boolean
  clocks?: () => ClockReading
}

export interface Storage {
  service: StorageService
  /** Bytes of a run's folder, as last measured; null before that. Measured in the background where that is to be done. */
  diskBytes(run: number): number | null
  /** Measures the folder of a run anew; call it after it ended. */
  measure(run: number): Promise<void>
  /** Deletes runs whose days in the bin are over. */
  sweepBin(): Promise<void>
  close(): void
}

const dayMs = 86_400_000
/** The clock of a machine that was just switched on may still be wrong, so the first sweep waits a little. */
const firstSweepMs = 60_000
/** So long holds a measured size of all data sets, or of a run that trains. */
const freshMs = 60_000
/** Nothing is deleted by days while the wall clock has moved by so much against the others since the start. */
const drifted = 3600

/** Finishes what an earlier host began to delete, and sweeps the bin now and then until closed. */
export function createStorage({ context, binDays, trains, clocks = readClocks }: StorageParts): Storage {
  const { history, folders, events, log } = context
  const measured = new Map<number, { bytes: number; at: number }>()
  const started = clocks()
  let datasets: { bytes: Promise<number>; at: number } | null = null

  const warn = (error: unknown) => log.warn({ error: toErrorReport(error) }, 'storage')
  finishDeletions(folders.runs, history).catch(warn)

  const underWay = new Map<number, Promise<void>>()
  const measure = (run: number): Promise<void> => {
    const work = folderBytes(runFolder(folders.runs, run)).then((bytes) => {
      // A later look at the same run knows better.
      if (underWay.get(run) !== work) return
      underWay.delete(run)
      measured.set(run, { bytes, at: clocks().monotonicMs })
    })
    underWay.set(run, work)
    return work
  }
  const datasetsBytes = () => {
    const at = clocks().monotonicMs
    if (!datasets || at - datasets.at > freshMs) datasets = { bytes: folderBytes(folders.datasets), at }
    return datasets.bytes
  }
  /** Of every run that has a folder. */
  const runSizes = async (): Promise<Map<number, number>> => {
    const numbers = (await readdir(folders.runs)).map(runNumber).filter((run) => run !== null)
    for (const run of numbers) {
      const known = measured.has(run) && !trains(run)
      await (underWay.get(run) ?? (known ? null : measure(run)))
    }
    return new Map(numbers.map((run) => [run, measured.get(run)?.bytes ?? 0]))
  }
  const inBin = () => history.runs.list({ bin: true })

  const use = async (): Promise<StorageUse> => {
    const bin = new Set(inBin().map(({ run }) => run))
    const history = ['', '-wal', '-shm'].map((end) => fileBytes(join(folders.data, `${databaseName}${end}`)))
    const [sizes, sets, freeBytes, totalBytes, ...parts] = await Promise.all([
      runSizes(),
      datasetsBytes(),
      context.freeBytes(folders.data),
      diskTotalBytes(folders.data),
      ...history,
    ])
    const sum = (which: boolean) =>
      [...sizes].reduce((all, [run, bytes]) => all + (bin.has(run) === which ? bytes : 0), 0)
    return {
      dataFolder: folders.data,
      freeBytes,
      totalBytes,
      datasetsBytes: sets,
      runsBytes: sum(false),
      binBytes: sum(true),
      historyBytes: parts.reduce((all, bytes) => all + bytes, 0),
    }
  }

  /** A run that was put into the bin while the clock was ahead counts from now. */
  const removedAt = (run: StoredRun) => Math.min(run.removedAt ?? Number.POSITIVE_INFINITY, clocks().wallMs)
  const deletedAt = (run: StoredRun) => (binDays() > 0 ? removedAt(run) + binDays() * dayMs : null)

  const bin = async (): Promise<BinEntry[]> => {
    const runs = inBin()
    const sizes = await runSizes()
    return runs.map((run) => ({
      runId: runId(run.run),
      name: run.name,
      recipeId: run.recipeId,
      removedAt: removedAt(run),
      deletedAt: deletedAt(run),
      bytes: sizes.get(run.run) ?? 0,
    }))
  }

  const named = (id: string): StoredRun => {
    const number = runNumber(id)
    const run = number === null ? null : history.runs.get(number)
    if (!run) throw unknownRun(id)
    if (run.removedAt !== null && !trains(run.run)) return run
    throw new RepriseError({
      code: 'not-allowed',
      message: 'Only a run in the bin can be deleted for good.',
      expected: 'a run in the bin that does not train',
      found: `${id} is ${run.removedAt === null ? 'outside the bin' : run.status}`,
      fix: 'Move it to the bin first.',
    })
  }

  const destroy = async (runs: StoredRun[]): Promise<number> => {
    let freed = 0
    for (const { run } of runs) {
      await measure(run)
      // It may have been restored, or deleted, since it was named. Nothing is awaited between this look and the deletion.
      const stored = history.runs.get(run)
      if (!stored || stored.removedAt === null || trains(run)) continue
      await deleteRun(folders.runs, history, run)
      freed += measured.get(run)?.bytes ?? 0
      measured.delete(run)
      log.info({ run: runId(run) }, 'run deleted for good')
      events.publish({ type: 'run-removed', runId: runId(run) })
    }
    return freed
  }

  const sweepBin = async () => {
    const now = clocks()
    if (Math.abs(clockDrift(started, now)) > drifted) return
    await destroy(inBin().filter((run) => (deletedAt(run) ?? Number.POSITIVE_INFINITY) <= now.wallMs))
  }
  const sweepLater = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      sweepBin().catch(warn)
      timer = sweepLater(dayMs)
    }, ms).unref()
  let timer = sweepLater(firstSweepMs)

  return {
    service: {
      use,
      bin,
      emptyBin: async (ids) => destroy(ids ? ids.map(named) : inBin().filter(({ run }) => !trains(run))),
    },
    diskBytes: (run) => {
      const known = measured.get(run)
      const old = !known || (trains(run) && clocks().monotonicMs - known.at > freshMs)
      if (old && !underWay.has(run)) measure(run).catch(warn)
      return known?.bytes ?? null
    },
    measure: (run) => measure(run).catch(warn),
    sweepBin,
    close: () => clearTimeout(timer),
  }
}
