import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import { configField } from '../../../src-main/shared/config-fields.ts'
import { parseRecipe } from '../../../src-main/shared/recipe.ts'
import { datasets } from '../../../src-main/shared/registry/datasets.ts'
import { models } from '../../../src-main/shared/registry/models.ts'
import { runConfigSchema } from '../../../src-main/shared/run-config.ts'
import { configTexts } from '../../i18n/config-texts.ts'
import { numbersFor } from '../../i18n/numbers.ts'
import { type ProtocolLine, protocolLines } from './protocol-lines.ts'
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

function protocolOf(summary: RecipeSummary): ProtocolLine[] {
  const numbers = numbersFor('en')
  const texts = configTexts('en')
  return protocolLines(summary, {
    words: (key, values) => `${key} ${Object.values(values ?? {}).join(' ')}`,
    choice: (key, value) => texts.choice(configField(key), value),
    count: numbers.count,
    countShort: numbers.countShort,
    rate: numbers.rate,
    percent: (fraction) => numbers.percent(fraction, 0),
  })
}

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

test('recipes of one network and paper tell themselves apart', () => {
  const names = recipes.map(({ recipe, modelLabel, datasetLabel }) =>
    [datasetLabel, modelLabel, recipe.paper.citation, recipe.variant].join(' '),
  )
  expect(new Set(names).size).toBe(names.length)
})

test('a long list is grouped by family, smallest network first, and found by family', () => {
  const imageNet = groupByDataset(recipes, isBenchmark).find(({ datasetId }) => datasetId === 'imagenet-1k')
  const families = imageNet?.families.map(({ family }) => family) ?? []
  expect(families).toEqual([...new Set(families)])
  expect(families).toContain('vit')
  for (const { recipes: members } of imageNet?.families ?? []) {
    const sizes = members.map(({ parameters }) => parameters)
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
  }
  const found = filterRecipes(recipes, 'rsb a1', 'any').map(({ recipe }) => recipe.id)
  expect(found).toEqual(['imagenet-resnet50-rsb-a1'])
  expect(filterRecipes(recipes, 'mobilenet', 'any')).toHaveLength(2)
})

test('every recipe stands in one group, benchmarks first', () => {
  const groups = groupByDataset(recipes, isBenchmark)
  const shown = groups.flatMap(({ families }) => families.flatMap((family) => family.recipes))
  expect(new Set(shown).size).toBe(recipes.length)
  expect(shown).toHaveLength(recipes.length)
  const benchmarks = groups.map(({ datasetId }) => isBenchmark(datasetId))
  expect(benchmarks).toEqual([...benchmarks].sort((a, b) => Number(b) - Number(a)))
})

test.each([
  ['sgd', ['momentum 0.9'], 'betas'],
  ['adamw', ['betas 0.9 0.999', 'epsilon 1e-8'], 'momentum'],
  ['rmsprop-tf', ['momentum 0.9', 'alpha 0.99', 'epsilon 1e-8'], 'betas'],
] as const)('the protocol names the coefficients of %s and the scope of its decay', (name, coefficients, absent) => {
  const [summary] = recipes
  if (!summary) throw new Error('No recipe ships.')
  const optimizer = { name, lr: 0.1, weightDecay: 0.05, weightDecayScope: 'kernels' } as const
  const recipe = { ...summary.recipe, config: runConfigSchema.parse({ optimizer, norm: { ghostBatch: 32 } }) }
  const lines = new Map(protocolOf({ ...summary, recipe }).map((line) => [line.id, line]))
  const detail = lines.get('optimizer')?.detail ?? []
  expect(detail).toEqual(expect.arrayContaining([...coefficients]))
  expect(detail.join(' ')).not.toContain(absent)
  expect(lines.get('weightDecay')?.detail).toEqual(['decay.kernels '])
  expect(lines.get('model')?.detail).toContain('ghostBatch 32')
})

/** Main text and details of a line of a recipe's protocol. */
function lineOf(recipeId: string, line: ProtocolLine['id']): string[] {
  const summary = recipes.find(({ recipe }) => recipe.id === recipeId)
  const found = summary && protocolOf(summary).find(({ id }) => id === line)
  if (!found) throw new Error(`No line ${line} of ${recipeId}.`)
  return [found.main, ...found.detail].map((text) => text.trim().replaceAll('\u00a0', ' '))
}

test('the protocol says how pictures are cut, changed, mixed and judged', () => {
  expect(lineOf('imagenet-resnet50-torchvision-v2', 'augmentation')).toEqual([
    'cropResized Random resized crop 176 px 8 % 100 % Bilinear',
    'flip Random',
    'TrivialAugment Wide',
    'erasing 10 % torchvision form Zeros',
    'mixup 0.2',
    'cutmix 1',
    'mixReference Rolled batch (torchvision)',
    'repeats 4',
  ])
  expect(lineOf('imagenet-resnet50-torchvision-v2', 'evaluation')).toContain('testCrop 224 px 232 px Bilinear')
  expect(lineOf('imagenet-resnet50-he-10-crop', 'evaluation')[0]).toBe('10-crop')
  expect(lineOf('imagenet-efficientnet-b0-tpu', 'evaluation')).toContain(
    'testSize 224 px Middle, then resize TensorFlow bicubic',
  )
  expect(lineOf('cifar10-airbench94', 'augmentation')[0]).toMatch(/^pad 2 px/)
})

test('the protocol says the rates of random layers, the average, the loss and the way of the rate', () => {
  expect(lineOf('imagenet-efficientnet-b0-timm', 'model')).toEqual(
    expect.arrayContaining(['dropout 0.2', 'dropPath 0.2']),
  )
  expect(lineOf('imagenet-resnet50-rsb-a1', 'length')).toEqual(
    expect.arrayContaining(['loss Binary cross entropy', 'bceThreshold 0.2', 'labelSmoothing 0.1']),
  )
  expect(lineOf('imagenet-resnet50-torchvision-v2', 'length')).toContain('ema torchvision form 0.99998')
  expect(lineOf('imagenet-deit-small', 'optimizer')).toContain('rateScaled 512 Linear')
  expect(lineOf('imagenet-deit-small', 'schedule')).toEqual([
    'Cosine',
    'warmup epochs 5 1e-6',
    'finalRate 1e-5',
    'byEpoch',
  ])
  expect(lineOf('imagenet-mobilenet-v2', 'schedule')).toContain('multiplied 0.98 epochs 1')
})

test.each(byTime(recipes).map((summary) => [summary.recipe.id, summary] as const))(
  'the protocol of %s has every line once and shows every trap',
  (_, summary) => {
    const lines = protocolOf(summary)
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length)
    expect(lines.flatMap(({ traps }) => traps).sort()).toEqual(summary.recipe.traps.map(({ text }) => text).sort())
    for (const line of lines) expect(line.main).not.toBe('')
  },
)
