// The run config of a network, as the benchmark runs it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resourcesFolder } from '../../src-main/launch/resources.ts'
import { parseRunConfig } from '../../src-main/shared/config-fields.ts'
import { configFromRecipe, parseRecipe } from '../../src-main/shared/recipe.ts'
import type { RunConfig } from '../../src-main/shared/run-config.ts'
import type { BenchNet, BenchPrecision } from './configurations.ts'

const recipes: Partial<Record<BenchNet, string>> = {
  'resnet20-cifar': 'cifar10-resnet20',
  airbench94: 'cifar10-airbench94',
}

// The same numbers stand in torch_step.py.
const convolutional = { name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 } as const
const transformer = { name: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 } as const
const labelSmoothing = 0.1

/** The recipe with its optimiser, smoothing and decay; without augmentation unless asked for, as PyTorch's side has none. */
export function recipeConfig(net: BenchNet, precision: BenchPrecision, augment: boolean): RunConfig {
  if (!(net in recipes)) {
    return parseRunConfig({
      model: { name: net },
      train: { labelSmoothing },
      optimizer: net.startsWith('vit') ? transformer : convolutional,
      compute: { precision },
    })
  }
  const file = `${recipes[net]}.json`
  const recipe = parseRecipe(readFileSync(join(resourcesFolder(), 'recipes', file), 'utf8'), file)
  return configFromRecipe(recipe, {
    'compute.precision': precision,
    'input.normalization': 'channel',
    ...(augment ? {} : { 'augment.pad': 0, 'augment.flip': 'none' }),
  })
}
