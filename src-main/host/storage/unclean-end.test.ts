import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../db/database.ts'
import { createHistory } from '../db/history.ts'
import { startTestHost, temporaryFolder, until } from '../test-host/start-test-host.ts'
import { recipeNamed } from '../test-host/stored-run.ts'

test('after an unclean end the host says how many checkpoints it found whole, and does not wait for that', async () => {
  const dataDir = temporaryFolder()
  const history = createHistory(openDatabase(dataDir))
  const recipe = recipeNamed('mnist-lenet5')
  for (const run of [1, 2]) {
    history.runs.insert({ run, name: 'run', recipe, config: recipe.config, changes: 0, createdAt: 1 })
    history.seeds.insert(run, [1])
    history.runs.update(run, { status: run === 1 ? 'finished' : 'running', startedAt: 1 })
    const folder = join(dataDir, 'runs', `r-000${run}`, 'checkpoints')
    mkdirSync(folder, { recursive: true })
    for (const step of [1, 2, 3]) {
      const file = `seed-1-state-${step}.safetensors`
      const bytes = Buffer.alloc(1000, step)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const entry = { seed: 1, kind: 'state', step, epoch: 1, bytes: 1000, sha256, savedAt: 1, averaged: false }
      writeFileSync(join(folder, file), run === 2 && step === 3 ? Buffer.alloc(1000) : bytes)
      writeFileSync(join(folder, file.replace('safetensors', 'json')), JSON.stringify({ file, ...entry, top1: null }))
    }
  }
  history.db.close()
  const host = await startTestHost({ dataDir })
  await until(() => host.services.notices().some(({ kind }) => kind === 'engine-back'))
  expect(host.services.notices().map(({ kind, values }) => [kind, values])).toEqual([
    ['host-died', { runs: 1 }],
    ['engine-back', { checkpoints: 5, damaged: 1, held: 'yes' }],
  ])
  expect(await host.client.notices.list.query()).toHaveLength(2)
})

test('a start after a clean end has nothing to say', async () => {
  const dataDir = temporaryFolder()
  await (await startTestHost({ dataDir })).close()
  const host = await startTestHost({ dataDir })
  expect(host.services.notices()).toEqual([])
})
