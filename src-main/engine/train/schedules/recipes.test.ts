// Every recipe that ships with the app, checked by being there.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configField } from '../../../shared/config-fields.ts'
import { parseRecipe, type Recipe } from '../../../shared/recipe.ts'
import { datasets } from '../../../shared/registry/datasets.ts'
import { models } from '../../../shared/registry/models.ts'
import { buildSchedule } from './build-schedule.ts'

const folder = new URL('../../../../resources/recipes/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
const recipeOf = (file: string): Recipe => parseRecipe(readFileSync(new URL(file, folder), 'utf8'), file)

test('the recipes of the first release are there', () => {
  expect(files.map((file) => file.replace('.json', '')).sort()).toEqual([
    'cifar10-airbench94',
    'cifar10-resnet110',
    'cifar10-resnet20',
    'cifar10-resnet32',
    'cifar10-resnet44',
    'cifar10-resnet56',
    'fashion-sample',
    'mnist-lenet5',
  ])
})

test.each(files)(
  '%s names a known data set and network, says its deviations, and trains at a positive rate',
  (file) => {
    const recipe = recipeOf(file)
    const { config, paper } = recipe
    expect(recipe.id).toBe(file.replace('.json', ''))
    expect(datasets).toHaveProperty(config.data.dataset)
    expect(models).toHaveProperty(config.model.name)
    expect(recipe.deviations.length).toBeGreaterThan(0)
    for (const trap of recipe.traps) expect(configField(trap.key).key).toBe(trap.key)
    expect(paper.std === null).toBe(paper.stdSource === null)

    const dataset = datasets[config.data.dataset as keyof typeof datasets]
    const stepsPerEpoch = Math.floor(dataset.train / config.train.batchSize)
    const total =
      config.train.lengthUnit === 'steps' ? config.train.length : Math.ceil(stepsPerEpoch * config.train.length)
    const rate = buildSchedule(config, stepsPerEpoch, total)
    for (const fraction of [0, 0.25, 0.5, 0.75]) expect(rate(Math.floor(total * fraction))).toBeGreaterThan(0)
  },
)

test("airbench94's rate and decay are the original's, rewritten for a mean loss", () => {
  const { optimizer, train } = recipeOf('cifar10-airbench94.json').config
  const kilostepScale = 1024 * (1 + 1 / (1 - 0.85))
  expect(optimizer.lr).toBeCloseTo((11.5 / kilostepScale) * train.batchSize, 12)
  const decayPerStep = (0.0153 * train.batchSize) / kilostepScale
  expect(optimizer.lr * optimizer.weightDecay).toBeCloseTo(decayPerStep, 12)
})

test('ResNet-110 alone warms up, and is judged by the mean of five runs', () => {
  const { config, paper } = recipeOf('cifar10-resnet110.json')
  const rate = buildSchedule(config, 390, 64_000)
  expect([0, 399, 400, 31_999].map(rate)).toEqual([0.01, 0.01, 0.1, 0.1].map((lr) => expect.closeTo(lr, 12)))
  expect([32_000, 48_000, 63_999].map(rate)).toEqual([0.01, 0.001, 0.001].map((lr) => expect.closeTo(lr, 12)))
  expect(paper).toMatchObject({ figure: 0.9339, std: 0.0016, seeds: 5 })
  for (const depth of [20, 32, 44, 56]) {
    expect(recipeOf(`cifar10-resnet${depth}.json`).config.schedule.warmup).toBe(0)
  }
})
