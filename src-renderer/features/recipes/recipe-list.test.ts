import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import { configField } from '../../../src-main/shared/config-fields.ts'
import { parseRecipe } from '../../../src-main/shared/recipe.ts'
import { datasets } from '../../../src-main/shared/registry/datasets.ts'
import { models } from '../../../src-main/shared/registry/models.ts'
import { configTexts } from '../../i18n/config-texts.ts'
import { numbersFor } from '../../i18n/numbers.ts'
import { protocolLines } from './protocol-lines.ts'
import { byTime, filterRecipes, firstVerdictRecipe, groupByDataset, offlineRecipe } from './recipe-list.ts'

const folder = new URL('../../../resources/recipes/', import.meta.url)

/** The recipes that ship, with times as the recipes estimate them. */
const recipes: RecipeSummary[] = readdirSync(folder).map((file) => {
  const recipe = parseRecipe(readFileSync(new URL(file, folder), 'utf8'), file)
  const model = models[recipe.config.model.name as keyof typeof models]
  return {
    recipe,
    modelLabel: model.label,
    datasetLabel: datasets[recipe.config.data.dataset as keyof typeof datasets].label,
    parameters: model.parameters,
    macsMillions: model.macsMillions,
    secondsHere: recipe.cost.seconds,
    secondsMeasuredHere: false,
    best: null,
  }
})

const isBenchmark = (id: string) => datasets[id as keyof typeof datasets].benchmark
const isShipped = (id: string) => datasets[id as keyof typeof datasets].source === 'shipped'

test('the first verdict is offered on a benchmark, the start without a network on what ships', () => {
  expect(firstVerdictRecipe(recipes, isBenchmark)?.recipe.id).toBe('mnist-lenet5')
  expect(isShipped(offlineRecipe(recipes, isShipped)?.recipe.config.data.dataset ?? '')).toBe(true)
})

test('a search takes words of model, paper and data set', () => {
  const found = filterRecipes(recipes, 'he 2015 resnet-56', 'any').map(({ recipe }) => recipe.id)
  expect(found).toEqual(['cifar10-resnet56'])
  expect(filterRecipes(recipes, 'no such thing', 'any')).toEqual([])
})

test('every recipe stands in one group, benchmarks first', () => {
  const groups = groupByDataset(recipes, isBenchmark)
  expect(groups.flatMap((group) => group.recipes)).toHaveLength(recipes.length)
  const benchmarks = groups.map(({ datasetId }) => isBenchmark(datasetId))
  expect(benchmarks).toEqual([...benchmarks].sort((a, b) => Number(b) - Number(a)))
})

test.each(byTime(recipes).map((summary) => [summary.recipe.id, summary] as const))(
  'the protocol of %s has every line once and shows every trap',
  (_, summary) => {
    const numbers = numbersFor('en')
    const texts = configTexts('en')
    const lines = protocolLines(summary, {
      words: (key, values) => `${key} ${Object.values(values ?? {}).join(' ')}`,
      choice: (key, value) => texts.choice(configField(key), value),
      count: numbers.count,
      countShort: numbers.countShort,
      rate: numbers.rate,
      percent: (fraction) => numbers.percent(fraction, 0),
    })
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length)
    expect(lines.flatMap(({ traps }) => traps).sort()).toEqual(summary.recipe.traps.map(({ text }) => text).sort())
    for (const line of lines) expect(line.main).not.toBe('')
  },
)
