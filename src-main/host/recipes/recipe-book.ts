// Recipes on disk. Files are read again when they change; a broken one is named and hides no other.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { RecipeProblem } from '../../shared/api.ts'
import { type ErrorReport, RepriseError, toErrorReport } from '../../shared/errors.ts'
import { parseRecipe, type Recipe } from '../../shared/recipe.ts'

export interface RecipeBook {
  /** By file name. */
  recipes(): Recipe[]
  /** Throws `unknown-recipe`, or `recipe-invalid` when its file is broken. */
  get(id: string): Recipe
  problems(): RecipeProblem[]
}

type Reading = { stamp: string; recipe: Recipe } | { stamp: string; error: ErrorReport }

/** @param onProblem called once for every state of a broken file */
export function createRecipeBook(folder: string, onProblem: (problem: RecipeProblem) => void): RecipeBook {
  const readings = new Map<string, Reading>()

  const read = (file: string): Reading => {
    const path = join(folder, file)
    const { mtimeMs, size } = statSync(path)
    const stamp = `${mtimeMs} ${size}`
    const known = readings.get(file)
    if (known?.stamp === stamp) return known
    let reading: Reading
    try {
      reading = { stamp, recipe: parseRecipe(readFileSync(path, 'utf8'), file) }
    } catch (error) {
      reading = { stamp, error: toErrorReport(error) }
      onProblem({ file, error: reading.error })
    }
    readings.set(file, reading)
    return reading
  }

  const readAll = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((file) => ({ file, reading: read(file) }))

  const recipes = () => readAll().flatMap(({ reading }) => ('recipe' in reading ? [reading.recipe] : []))
  const problems = () =>
    readAll().flatMap(({ file, reading }) => ('error' in reading ? [{ file, error: reading.error }] : []))

  return {
    recipes,
    problems,
    get: (id) => {
      const known = recipes()
      const recipe = known.find((candidate) => candidate.id === id)
      if (recipe) return recipe
      const broken = problems().find(({ file }) => basename(file, '.json') === id)
      if (broken) throw new RepriseError(broken.error)
      throw new RepriseError({
        code: 'unknown-recipe',
        message: `There is no recipe "${id}".`,
        expected: `one of ${known.map((candidate) => candidate.id).join(', ')}`,
        found: id,
        fix: 'Run "reprise recipes" to see them with their papers.',
      })
    },
  }
}
