// The seeds of each run: how far each is, and its result.
import type { Database } from 'better-sqlite3'
import type { SeedState } from '../../shared/api.ts'
import type { SeedResult } from '../../shared/worker-protocol.ts'
import { fromColumn, toColumn } from './json-column.ts'

export interface StoredSeed extends SeedState {
  stepsPerEpoch: number
  trainSeconds: number
}

interface Row {
  run: number
  seed: number
  status: SeedState['status']
  step: number
  total_steps: number
  steps_per_epoch: number
  train_seconds: number
  top1: number | null
  result: string | null
}

export interface SeedsTable {
  insert(run: number, seeds: number[]): void
  list(run: number): StoredSeed[]
  /** Of all runs, by run number. */
  all(): Map<number, StoredSeed[]>
  start(run: number, seed: number, totalSteps: number, stepsPerEpoch: number): void
  progress(run: number, seed: number, step: number, trainSeconds: number): void
  /** @param top1 null where no evaluation stands */
  evaluated(run: number, seed: number, top1: number | null): void
  end(run: number, result: SeedResult): void
  /** Marks the seeds that are not finished. */
  interrupt(run: number, status: 'queued' | 'stopped' | 'failed'): void
  /** Marks the seed that trains as paused. */
  pause(run: number): void
  /** Marks the paused seed as the one that trains. */
  continue(run: number): void
  /** Forgets results of seeds that are not finished, which go on. */
  forgetUnfinished(run: number): void
  /** Numbers of the seeds that are not finished. */
  unfinished(run: number): number[]
}

export function createSeedsTable(db: Database): SeedsTable {
  const insert = db.prepare(`INSERT INTO seeds (run, seed, status) VALUES (?, ?, 'queued')`)
  const list = db.prepare<[number], Row>('SELECT * FROM seeds WHERE run = ? ORDER BY seed')
  const all = db.prepare<[], Row>('SELECT * FROM seeds ORDER BY run, seed')
  const start = db.prepare(
    `UPDATE seeds SET status = 'running', total_steps = ?, steps_per_epoch = ? WHERE run = ? AND seed = ?`,
  )
  const progress = db.prepare('UPDATE seeds SET step = ?, train_seconds = ? WHERE run = ? AND seed = ?')
  const evaluated = db.prepare('UPDATE seeds SET top1 = ? WHERE run = ? AND seed = ?')
  const end = db.prepare(
    'UPDATE seeds SET status = ?, step = max(step, ?), train_seconds = ?, top1 = ?, result = ? WHERE run = ? AND seed = ?',
  )
  const interrupt = db.prepare(`UPDATE seeds SET status = ? WHERE run = ? AND status <> 'finished'`)
  const swap = db.prepare('UPDATE seeds SET status = ? WHERE run = ? AND status = ?')
  const forgetUnfinished = db.prepare(`UPDATE seeds SET result = NULL WHERE run = ? AND status <> 'finished'`)
  const unfinished = db
    .prepare<[number], number>(`SELECT seed FROM seeds WHERE run = ? AND status <> 'finished' ORDER BY seed`)
    .pluck()
  return {
    insert: (run, seeds) => {
      for (const seed of seeds) insert.run(run, seed)
    },
    list: (run) => list.all(run).map(readRow),
    all: () => {
      const byRun = new Map<number, StoredSeed[]>()
      for (const row of all.all()) {
        const seeds = byRun.get(row.run)
        if (seeds) seeds.push(readRow(row))
        else byRun.set(row.run, [readRow(row)])
      }
      return byRun
    },
    start: (run, seed, totalSteps, stepsPerEpoch) => start.run(totalSteps, stepsPerEpoch, run, seed),
    progress: (run, seed, step, trainSeconds) => progress.run(step, trainSeconds, run, seed),
    evaluated: (run, seed, top1) => evaluated.run(top1, run, seed),
    end: (run, result) => {
      const status = result.stopped ? 'stopped' : 'finished'
      end.run(status, result.last.step, result.trainSeconds, result.last.top1, toColumn(result), run, result.seed)
    },
    interrupt: (run, status) => interrupt.run(status, run),
    pause: (run) => swap.run('paused', run, 'running'),
    continue: (run) => swap.run('running', run, 'paused'),
    forgetUnfinished: (run) => forgetUnfinished.run(run),
    unfinished: (run) => unfinished.all(run) as unknown as number[],
  }
}

function readRow(row: Row): StoredSeed {
  return {
    seed: row.seed,
    status: row.status,
    step: row.step,
    totalSteps: row.total_steps,
    stepsPerEpoch: row.steps_per_epoch,
    trainSeconds: row.train_seconds,
    top1: row.top1,
    result: fromColumn<SeedResult>(row.result),
  }
}
