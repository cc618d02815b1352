// Recipes as windows see them: with what they cost here and the best verdict so far.

import type { RecipeSummary } from '../../shared/api.ts'
import type { Recipe } from '../../shared/recipe.ts'
import { models } from '../../shared/registry/models.ts'
import type { Verdict } from '../../shared/verdict.ts'
import type { RecipeService } from '../api/services.ts'
import type { History } from '../db/history.ts'
import type { CostEstimator } from './cost.ts'
import type { RecipeBook } from './recipe-book.ts'

const rank = { better: 3, reproduced: 2, inconclusive: 1, 'not-reproduced': 0, 'no-verdict': -1 } as const

/** The verdict that says most for the recipe: by outcome, then by mean. Runs without a verdict do not count. */
export function bestVerdict(verdicts: (Verdict | null)[]): Verdict | null {
  return verdicts.reduce((best, verdict) => {
    if (verdict === null || verdict.outcome === 'no-verdict') return best
    if (best === null) return verdict
    const by = rank[verdict.outcome] - rank[best.outcome] || (verdict.mean ?? 0) - (best.mean ?? 0)
    return by > 0 ? verdict : best
  }, null)
}

export function createRecipeService(parts: {
  book: RecipeBook
  history: History
  costs: CostEstimator
  datasetLabel(id: string): string
}): RecipeService {
  const { book, history, costs, datasetLabel } = parts

  const summary = (recipe: Recipe): RecipeSummary => {
    const model = models[recipe.config.model.name as keyof typeof models]
    const here = costs.perSeed(recipe, recipe.config)
    return {
      recipe,
      modelLabel: model.label,
      datasetLabel: datasetLabel(recipe.config.data.dataset),
      parameters: model.parameters,
      macsMillions: model.macsMillions,
      secondsHere: here.seconds,
      secondsMeasuredHere: here.measured,
      best: bestVerdict(history.runs.finishedOf(recipe.id).map((run) => run.verdict)),
    }
  }

  return {
    list: () => book.recipes().map(summary),
    get: (id) => summary(book.get(id)),
    problems: book.problems,
  }
}
