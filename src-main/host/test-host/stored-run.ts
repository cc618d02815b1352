// A history with one run in it, as if it had been trained before.
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { resourcesFolder } from '../../launch/resources.ts'
import type { Recipe } from '../../shared/recipe.ts'
import { openDatabase } from '../db/database.ts'
import { createHistory, type History } from '../db/history.ts'
import { createRecipeBook } from '../recipes/recipe-book.ts'
import { temporaryFolder } from './start-test-host.ts'

export function recipeNamed(id: string): Recipe {
  return createRecipeBook(join(resourcesFolder(), 'recipes'), () => {}).get(id)
}

export function historyWithRun(
  recipe: Recipe,
  run: { status: 'queued' | 'finished'; seconds: number; machine: { cpu: string; cores: number } },
): { history: History; run: number } {
  const db = openDatabase(temporaryFolder())
  onTestFinished(() => void db.close())
  const history = createHistory(db)
  const number = history.runs.insert({
    name: recipe.title,
    recipe,
    config: recipe.config,
    changes: 0,
    createdAt: 1,
    queuePosition: null,
  })
  history.seeds.insert(number, [1])
  const last = { epoch: 1, step: 10, top1: 0.99, top5: 1, loss: 0.1 }
  history.seeds.end(number, {
    seed: 1,
    last,
    best: last,
    trainSeconds: run.seconds,
    seconds: run.seconds,
    stopped: false,
  })
  history.runs.update(number, {
    status: run.status,
    environment: {
      ...run.machine,
      device: 'CPU',
      precision: 'fp32',
      tensorflow: '2.21.0',
      node: '24',
      reprise: '0.1.0',
      platform: 'linux',
    },
  })
  return { history, run: number }
}
