import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../test-host/start-test-host.ts'
import { recipeNamed } from '../test-host/stored-run.ts'
import { openDatabase } from './database.ts'
import { createHistory } from './history.ts'
import { readMigrations } from './migrations.ts'

/** A history as it was before runs could go on, with one run that was trained to step 30 of 3 epochs. */
function oldHistory() {
  const folder = temporaryFolder()
  const old = openDatabase(folder, readMigrations().slice(0, 5))
  const recipe = recipeNamed('mnist-lenet5')
  const { saving: _, ...config } = recipe.config
  old
    .prepare(
      `INSERT INTO runs (run, name, recipe_id, recipe, config, status, created_at, finished_at, changes)
       VALUES (1, 'old', ?, ?, ?, 'finished', 1000, 2000, 0)`,
    )
    .run(recipe.id, JSON.stringify({ ...recipe, config }), JSON.stringify(config))
  old.exec(`INSERT INTO seeds (run, seed, status, step, total_steps, steps_per_epoch) VALUES (1, 1, 'finished', 30, 30, 10);
            INSERT INTO checkpoints (run, seed, kind, file, step, bytes) VALUES
              (1, 1, 'last', 'checkpoints/seed-1-last.safetensors', 30, 500),
              (1, 1, 'best', 'checkpoints/seed-1-best.safetensors', 20, 400)`)
  old.close()
  const db = openDatabase(folder)
  onTestFinished(() => void db.close())
  return createHistory(db)
}

test('a run of an earlier version gets the defaults of settings that did not exist, and no way to go on', () => {
  const run = oldHistory().runs.get(1)
  expect(run?.config.saving).toEqual(recipeNamed('mnist-lenet5').config.saving)
  expect(run?.recipe.config).toEqual(run?.config)
  expect(run).toMatchObject({ priority: 'normal', sweep: null, interruption: null, applied: null, pendingChange: null })
})

test('checkpoints of an earlier version are kept by file, without a hash', () => {
  const same = { seed: 1, sha256: '', savedAt: 2000, averaged: false, top1: null }
  expect(oldHistory().checkpoints.list(1)).toEqual([
    { ...same, file: 'seed-1-best.safetensors', kind: 'best', step: 20, epoch: 2, bytes: 400 },
    { ...same, file: 'seed-1-last.safetensors', kind: 'epoch', step: 30, epoch: 3, bytes: 500 },
  ])
})

test('everything that belongs to a run goes with it', () => {
  const history = oldHistory()
  history.alerts.append(1, { at: 1, seed: 1, step: 2, kind: 'stuck', values: { seconds: 3, expectedSeconds: 1 } })
  expect(history.alerts.list(1)).toEqual([
    { at: 1, seed: 1, step: 2, kind: 'stuck', values: { seconds: 3, expectedSeconds: 1 } },
  ])
  history.runs.delete(1)
  expect([history.alerts.list(1), history.checkpoints.list(1), history.seeds.list(1)]).toEqual([[], [], []])
  expect(history.runs.highest()).toBe(1)
})

test('a durable write leaves the others as fast as before', () => {
  const history = oldHistory()
  const synchronous = () => history.db.pragma('synchronous', { simple: true })
  const [normal, full] = [1, 2]
  expect(history.durably(() => synchronous())).toBe(full)
  expect(() =>
    history.durably(() => {
      history.runs.update(1, { name: 'new' })
      throw new Error('taken back')
    }),
  ).toThrow('taken back')
  expect(synchronous()).toBe(normal)
  expect(history.runs.get(1)?.name).toBe('old')
  expect(history.db.transaction(() => history.durably(() => synchronous()))()).toBe(normal)
})
