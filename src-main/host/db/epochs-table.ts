// Evaluations, one row per epoch of a seed and one for the final figure.
import type { Database } from 'better-sqlite3'
import type { EpochResult } from '../../shared/worker-protocol.ts'

interface Row {
  run: number
  seed: number
  step: number
  final: number
  epoch: number
  train_loss: number | null
  train_top1: number | null
  test_loss: number | null
  test_top1: number | null
  test_top5: number | null
  train_seconds: number
}

export interface EpochsTable {
  insert(run: number, result: EpochResult): void
  /** Forgets every evaluation of a seed. */
  clear(run: number, seed: number): void
  /** By seed, then step. */
  list(run: number): EpochResult[]
  /** Test top-1 by epoch of the newest seed of every run. */
  newestCurves(): Map<number, number[]>
  newestCurve(run: number): number[]
}

// Of an epoch that was evaluated twice, min(final) takes the row with one view, like those before it.
const newestCurve = `
  SELECT run, test_top1, min(final) FROM epochs AS e
  WHERE test_top1 IS NOT NULL AND seed = (SELECT max(seed) FROM epochs WHERE run = e.run)`

export function createEpochsTable(db: Database): EpochsTable {
  const insert = db.prepare(
    `INSERT OR REPLACE INTO epochs
       (run, seed, step, final, epoch, train_loss, train_top1, test_loss, test_top1, test_top5, train_seconds)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const clear = db.prepare('DELETE FROM epochs WHERE run = ? AND seed = ?')
  const list = db.prepare<[number], Row>('SELECT * FROM epochs WHERE run = ? ORDER BY seed, step, final')
  const curves = db.prepare<[], { run: number; test_top1: number }>(`${newestCurve} GROUP BY run, step`)
  const curve = db.prepare<[number], { run: number; test_top1: number }>(
    `${newestCurve} AND run = ? GROUP BY run, step`,
  )
  return {
    insert: (run, result) =>
      insert.run(
        run,
        result.seed,
        result.step,
        result.final ? 1 : 0,
        result.epoch,
        result.trainLoss,
        result.trainTop1,
        result.testLoss,
        result.testTop1,
        result.testTop5,
        result.trainSeconds,
      ),
    clear: (run, seed) => clear.run(run, seed),
    list: (run) => list.all(run).map(readRow),
    newestCurves: () => {
      const byRun = new Map<number, number[]>()
      for (const { run, test_top1 } of curves.all()) {
        const values = byRun.get(run)
        if (values) values.push(test_top1)
        else byRun.set(run, [test_top1])
      }
      return byRun
    },
    newestCurve: (run) => curve.all(run).map((row) => row.test_top1),
  }
}

/** SQLite keeps NaN as NULL. */
const number = (value: number | null) => value ?? Number.NaN

function readRow(row: Row): EpochResult {
  return {
    seed: row.seed,
    step: row.step,
    final: row.final === 1,
    epoch: row.epoch,
    trainLoss: number(row.train_loss),
    trainTop1: number(row.train_top1),
    testLoss: number(row.test_loss),
    testTop1: number(row.test_top1),
    testTop5: number(row.test_top5),
    trainSeconds: row.train_seconds,
  }
}
