// Which recipes a list shows, in which order. Pure.
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import { type ModelRecord, models } from '../../../src-main/shared/registry/models.ts'

export const timeFilters = ['any', 'minutes', 'night'] as const
export type TimeFilter = (typeof timeFilters)[number]

const limits: Record<TimeFilter, number> = { any: Number.POSITIVE_INFINITY, minutes: 30 * 60, night: 14 * 3600 }

/** A whole verdict that still fits into a working day. */
const aFewHours = 4 * 3600

/** Seconds for all seeds that the recipe asks for. */
export function secondsForAll({ secondsHere, recipe }: RecipeSummary): number {
  return secondsHere * recipe.config.seeds.count
}

export type Fit = 'now' | 'night' | 'long'

/** How the whole of a recipe fits this machine. */
export function fitOf(summary: RecipeSummary): Fit {
  if (secondsForAll(summary) <= aFewHours) return 'now'
  return summary.secondsHere <= limits.night ? 'night' : 'long'
}

/** Every word of the search has to occur in the model, its family, the paper, data set or id. */
export function matchesSearch(summary: RecipeSummary, search: string): boolean {
  const { recipe, modelLabel, datasetLabel } = summary
  const { citation, title } = recipe.paper
  const text = [recipe.title, recipe.id, recipe.variant, modelLabel, familyOf(summary), datasetLabel, citation, title]
    .join(' ')
    .toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** The recipes that match, without changing their order. */
export function filterRecipes(all: readonly RecipeSummary[], search: string, time: TimeFilter): RecipeSummary[] {
  return all.filter((one) => matchesSearch(one, search) && one.secondsHere <= limits[time])
}

/** The quickest whole verdict first. */
export function byTime(recipes: readonly RecipeSummary[]): RecipeSummary[] {
  return [...recipes].sort((a, b) => secondsForAll(a) - secondsForAll(b))
}

/** By paper, within it by model size. */
export function byPaper(recipes: readonly RecipeSummary[]): RecipeSummary[] {
  return [...recipes].sort(
    (a, b) => a.recipe.paper.citation.localeCompare(b.recipe.paper.citation) || a.parameters - b.parameters,
  )
}

interface FamilyGroup {
  family: ModelRecord['family']
  recipes: RecipeSummary[]
}

export interface DatasetGroup {
  datasetId: string
  label: string
  families: FamilyGroup[]
}

const familyOf = ({ recipe }: RecipeSummary) => models[recipe.config.model.name as keyof typeof models].family

/** Recipes of the same network stand together, the most modest figure first. */
function bySize(a: RecipeSummary, b: RecipeSummary): number {
  return (
    a.parameters - b.parameters ||
    a.modelLabel.localeCompare(b.modelLabel) ||
    a.recipe.paper.figure - b.recipe.paper.figure
  )
}

/** Families by their smallest network, each by size. */
function groupByFamily(recipes: readonly RecipeSummary[]): FamilyGroup[] {
  const families = new Map<ModelRecord['family'], RecipeSummary[]>()
  for (const summary of [...recipes].sort(bySize)) {
    const family = families.get(familyOf(summary))
    if (family) family.push(summary)
    else families.set(familyOf(summary), [summary])
  }
  return [...families].map(([family, members]) => ({ family, recipes: members }))
}

/** Recipes under their data set and family: benchmarks first, then by the quickest recipe. */
export function groupByDataset(
  recipes: readonly RecipeSummary[],
  isBenchmark: (datasetId: string) => boolean = () => true,
): DatasetGroup[] {
  const groups = new Map<string, { label: string; recipes: RecipeSummary[] }>()
  for (const summary of byTime(recipes)) {
    const datasetId = summary.recipe.config.data.dataset
    const group = groups.get(datasetId) ?? { label: summary.datasetLabel, recipes: [] }
    groups.set(datasetId, group)
    group.recipes.push(summary)
  }
  const all = [...groups].map(([datasetId, { label, recipes: members }]) => {
    return { datasetId, label, families: groupByFamily(members) }
  })
  return [
    ...all.filter((group) => isBenchmark(group.datasetId)),
    ...all.filter((group) => !isBenchmark(group.datasetId)),
  ]
}

/** The recipe for a first verdict: the quickest one on a benchmark that is read from a paper. */
export function firstVerdictRecipe(
  recipes: readonly RecipeSummary[],
  isBenchmark: (datasetId: string) => boolean,
): RecipeSummary | null {
  const sorted = byTime(recipes)
  return sorted.find(({ recipe }) => isBenchmark(recipe.config.data.dataset)) ?? sorted[0] ?? null
}

/** The quickest recipe whose data ship with the app, for a start without a network. */
export function offlineRecipe(
  recipes: readonly RecipeSummary[],
  isShipped: (datasetId: string) => boolean,
): RecipeSummary | null {
  return byTime(recipes).find(({ recipe }) => isShipped(recipe.config.data.dataset)) ?? null
}
