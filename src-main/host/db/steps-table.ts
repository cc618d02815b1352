// Step metrics, and their reduction to what a chart can show.
import type { Database } from 'better-sqlite3'
import type { SeedCurve } from '../../shared/api.ts'
import type { StepPoint } from '../../shared/worker-protocol.ts'

export interface StepsTable {
  /** Points whose loss is no number are left out: the run's error tells of them. */
  insert(run: number, seed: number, points: StepPoint[]): void
  /** Forgets every step of a seed. */
  clear(run: number, seed: number): void
  /** At most `maxPoints` (4 or more) points per seed: first, last, and the lowest and highest loss of each bucket of steps. */
  curves(run: number, maxPoints: number): SeedCurve[]
}

export function createStepsTable(db: Database): StepsTable {
  const insert = db.prepare('INSERT OR REPLACE INTO steps (run, seed, step, epoch, loss, lr) VALUES (?, ?, ?, ?, ?, ?)')
  const clear = db.prepare('DELETE FROM steps WHERE run = ? AND seed = ?')
  const seeds = db.prepare<[number], { seed: number; points: number; low: number; high: number }>(
    'SELECT seed, count(*) AS points, min(step) AS low, max(step) AS high FROM steps WHERE run = ? GROUP BY seed',
  )
  const all = db.prepare<[number, number], StepPoint>(
    'SELECT step, epoch, loss, lr FROM steps WHERE run = ? AND seed = ? ORDER BY step',
  )
  const ends = db.prepare<[number, number, number, number], StepPoint>(
    'SELECT step, epoch, loss, lr FROM steps WHERE run = ? AND seed = ? AND step IN (?, ?)',
  )
  // SQLite takes bare columns from the row that holds the minimum or maximum. Numbers are bound as reals.
  const lowest = db.prepare<[number, number, number, number, number], StepPoint>(
    'SELECT step, epoch, min(loss) AS loss, lr FROM steps WHERE run = ? AND seed = ? GROUP BY CAST((step - ?) * ? / ? AS INTEGER)',
  )
  const highest = db.prepare<[number, number, number, number, number], StepPoint>(
    'SELECT step, epoch, max(loss) AS loss, lr FROM steps WHERE run = ? AND seed = ? GROUP BY CAST((step - ?) * ? / ? AS INTEGER)',
  )

  const reduced = (run: number, seed: number, low: number, high: number, buckets: number): StepPoint[] => {
    const span = high - low + 1
    const byStep = new Map<number, StepPoint>()
    for (const point of [
      ...ends.all(run, seed, low, high),
      ...lowest.all(run, seed, low, buckets, span),
      ...highest.all(run, seed, low, buckets, span),
    ]) {
      byStep.set(point.step, point)
    }
    return [...byStep.values()].sort((a, b) => a.step - b.step)
  }

  return {
    insert: (run, seed, points) => {
      for (const { step, epoch, loss, lr } of points) {
        if (Number.isFinite(loss)) insert.run(run, seed, step, epoch, loss, lr)
      }
    },
    clear: (run, seed) => clear.run(run, seed),
    curves: (run, maxPoints) =>
      seeds.all(run).map(({ seed, points, low, high }) => ({
        seed,
        points:
          points <= maxPoints ? all.all(run, seed) : reduced(run, seed, low, high, Math.floor((maxPoints - 2) / 2)),
      })),
  }
}
