// The run config of a recipe, as the benchmark runs it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resourcesFolder } from '../../src-main/launch/resources.ts'
import { configFromRecipe, parseRecipe } from '../../src-main/shared/recipe.ts'
import type { RunConfig } from '../../src-main/shared/run-config.ts'
import type { BenchNet, BenchPrecision } from './configurations.ts'

const recipes: Record<BenchNet, string> = {
  'resnet20-cifar': 'cifar10-resnet20',
  airbench94: 'cifar10-airbench94',
}

/** The recipe with its optimiser, smoothing and decay; without augmentation unless asked for, as PyTorch's side has none. */
export function recipeConfig(net: BenchNet, precision: BenchPrecision, augment: boolean): RunConfig {
  const file = `${recipes[net]}.json`
  const recipe = parseRecipe(readFileSync(join(resourcesFolder(), 'recipes', file), 'utf8'), file)
  return configFromRecipe(recipe, {
    'compute.precision': precision,
    'input.normalization': 'channel',
    ...(augment ? {} : { 'augment.pad': 0, 'augment.flip': 'none' }),
  })
}
