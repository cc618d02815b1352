// Every recipe that ships with the app, checked by being there.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configField } from '../../../shared/config-fields.ts'
import { trainingSize } from '../../../shared/input-fit.ts'
import { parseRecipe, type Recipe } from '../../../shared/recipe.ts'
import { datasets } from '../../../shared/registry/datasets.ts'
import { models } from '../../../shared/registry/models.ts'
import { stepsPerEpoch, totalSteps } from '../../../shared/training-length.ts'
import { buildSchedule } from './build-schedule.ts'

const folder = new URL('../../../../resources/recipes/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
const recipeOf = (file: string): Recipe => parseRecipe(readFileSync(new URL(file, folder), 'utf8'), file)

function scheduleOf({ config }: Recipe) {
  const { train } = datasets[config.data.dataset as keyof typeof datasets]
  const [perEpoch, total] = [stepsPerEpoch(train, config), totalSteps(train, config)]
  return { perEpoch, total, rate: buildSchedule(config, perEpoch, total) }
}

/**
 * What decides a reproduction, transcribed from the sources that each recipe names. Pictures are those of a step, the rate is
 * the highest one, sizes are those of training, of the resized test picture and of the test input.
 */
interface Facts {
  figure: number
  pictures: number
  rate: number
  decay: number
  epochs: number
  sizes?: readonly [training: number, resized: number, tested: number]
}

const cifarHe = { pictures: 128, rate: 0.1, decay: 1e-4, epochs: 163.84 } as const
const wide = { pictures: 128, rate: 0.1, decay: 5e-4, epochs: 200 } as const
const deit = { pictures: 1024, rate: 1e-3, decay: 0.05, epochs: 300, sizes: [224, 256, 224] } as const
const he = { pictures: 256, rate: 0.1, decay: 1e-4, epochs: 119.89, sizes: [224, 256, 224] } as const
const nvidia = { pictures: 2048, rate: 2.048, decay: 1 / 32768, sizes: [224, 256, 224] } as const
const tpu = { pictures: 2048, rate: 0.128, decay: 1e-5, epochs: 350, sizes: [224, 0, 224] } as const
const torchvisionV1 = { pictures: 256, rate: 0.1, decay: 1e-4, epochs: 90, sizes: [224, 256, 224] } as const
const plainVit = { pictures: 1024, rate: 1e-3, decay: 0.1, sizes: [224, 256, 224] } as const

const facts: Record<string, Facts> = {
  'cifar10-airbench94': { figure: 94.01, pictures: 1024, rate: 1.5, decay: 0.0153 / 11.5, epochs: 9.9 },
  'cifar10-resnet20': { figure: 91.25, ...cifarHe },
  'cifar10-resnet32': { figure: 92.49, ...cifarHe },
  'cifar10-resnet44': { figure: 92.83, ...cifarHe },
  'cifar10-resnet56': { figure: 93.03, ...cifarHe },
  'cifar10-resnet110': { figure: 93.39, ...cifarHe },
  'cifar10-resnet18': { figure: 95.4, ...wide },
  'cifar10-wrn-28-10': { figure: 96, ...wide },
  'cifar10-wrn-28-10-dropout': { figure: 96.11, ...wide },
  'fashion-sample': { figure: 85.5, pictures: 64, rate: 0.05, decay: 1e-4, epochs: 12 },
  'mnist-lenet5': { figure: 99.05, pictures: 128, rate: 0.1, decay: 1e-4, epochs: 4 },
  'imagenet-convnext-tiny': {
    figure: 82.1,
    pictures: 4096,
    rate: 4e-3,
    decay: 0.05,
    epochs: 300,
    sizes: [224, 256, 224],
  },
  'imagenet-deit-tiny': { figure: 72.2, ...deit },
  'imagenet-deit-small': { figure: 79.9, ...deit },
  'imagenet-deit-base': { figure: 81.8, ...deit },
  'imagenet-efficientnet-b0-timm': {
    figure: 77.698,
    pictures: 768,
    rate: 0.048,
    decay: 1e-5,
    epochs: 450,
    sizes: [224, 256, 224],
  },
  'imagenet-efficientnet-b0-tpu': { figure: 76.7, ...tpu },
  'imagenet-efficientnet-b0-tpu-autoaugment': { figure: 77.1, ...tpu },
  'imagenet-mobilenet-v2': {
    figure: 71.878,
    pictures: 256,
    rate: 0.045,
    decay: 4e-5,
    epochs: 300,
    sizes: [224, 256, 224],
  },
  'imagenet-mobilenet-v3-large': {
    figure: 74.042,
    pictures: 1024,
    rate: 0.064,
    decay: 1e-5,
    epochs: 600,
    sizes: [224, 256, 224],
  },
  'imagenet-resnet18-torchvision-v1': { figure: 69.758, ...torchvisionV1 },
  'imagenet-resnet50-torchvision-v1': { figure: 76.13, ...torchvisionV1 },
  'imagenet-resnet50-torchvision-v2': {
    figure: 80.858,
    pictures: 1024,
    rate: 0.5,
    decay: 2e-5,
    epochs: 600,
    sizes: [176, 232, 224],
  },
  'imagenet-resnet50-he': { figure: 75.3, ...he },
  'imagenet-resnet50-he-10-crop': { figure: 77.1, ...he },
  'imagenet-resnet50-guide': {
    figure: 76.13,
    pictures: 256,
    rate: 0.1,
    decay: 1e-4,
    epochs: 100,
    sizes: [224, 256, 224],
  },
  'imagenet-resnet50-nvidia-90': { figure: 77.12, ...nvidia, epochs: 90 },
  'imagenet-resnet50-nvidia-250': { figure: 78.43, ...nvidia, epochs: 250 },
  'imagenet-resnet50-rsb-a1': {
    figure: 80.382,
    pictures: 2048,
    rate: 5e-3,
    decay: 0.01,
    epochs: 600,
    sizes: [224, 235, 224],
  },
  'imagenet-resnet50-rsb-a2': {
    figure: 79.828,
    pictures: 2048,
    rate: 5e-3,
    decay: 0.02,
    epochs: 300,
    sizes: [224, 235, 224],
  },
  'imagenet-resnet50-rsb-a3': {
    figure: 78.052,
    pictures: 2048,
    rate: 8e-3,
    decay: 0.02,
    epochs: 100,
    sizes: [160, 235, 224],
  },
  'imagenet-vit-base-augreg': {
    figure: 79.154,
    pictures: 4096,
    rate: 1e-3,
    decay: 0.1,
    epochs: 300,
    sizes: [224, 248, 224],
  },
  'imagenet-vit-base-torchvision': {
    figure: 81.072,
    pictures: 4096,
    rate: 3e-3,
    decay: 0.3,
    epochs: 300,
    sizes: [224, 256, 224],
  },
  'imagenet-vit-small-plain-90': { figure: 76.5, ...plainVit, epochs: 90 },
  'imagenet-vit-small-plain-300': { figure: 80, ...plainVit, epochs: 300 },
}

test('every recipe has its facts here', () => {
  expect(files.map((file) => file.replace('.json', '')).sort()).toEqual(Object.keys(facts).sort())
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

    const { total, rate } = scheduleOf(recipe)
    for (const fraction of [0.01, 0.25, 0.5, 0.75]) expect(rate(Math.floor(total * fraction))).toBeGreaterThan(0)
  },
)

test.each(files)('%s has the figure, batch, rate, decay, length and sizes of its source', (file) => {
  const recipe = recipeOf(file)
  const { config, paper } = recipe
  const { perEpoch, total, rate } = scheduleOf(recipe)
  const pictures = config.train.batchSize * config.train.accumulate
  const train = datasets[config.data.dataset as keyof typeof datasets].train
  const epochs = config.train.lengthUnit === 'epochs' ? config.train.length : (config.train.length * pictures) / train
  const expected = facts[recipe.id] as Facts
  expect(paper.figure).toBeCloseTo(expected.figure / 100, 10)
  expect(pictures).toBe(expected.pictures)
  expect(config.optimizer.weightDecay).toBeCloseTo(expected.decay, 12)
  expect(epochs).toBeCloseTo(expected.epochs, 2)
  const afterWarmup = Math.round(config.schedule.warmup * (config.train.lengthUnit === 'epochs' ? perEpoch : 1))
  const rates = Array.from({ length: 400 }, (_, i) =>
    rate(Math.min(total - 1, afterWarmup + Math.round((i * total) / 400))),
  )
  // timm's cosine and stairs have already fallen when the warm-up ends.
  const within = config.schedule.warmupInside ? 0.15 : 1e-3
  expect(Math.abs(Math.max(...rates) / expected.rate - 1)).toBeLessThan(within)
  const { size, resize } = config.evaluation
  const sizes = [trainingSize(config)[0], resize, size]
  expect(expected.sizes === undefined ? [resize, size] : sizes).toEqual(expected.sizes ?? [0, 0])
})

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
