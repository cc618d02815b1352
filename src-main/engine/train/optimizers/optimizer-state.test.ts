// The size of each optimizer's state is what the host counts on. Tolerance 2 % of the parameters: vectors of Muon, step counters.
import { beforeAll, expect, test } from 'vitest'
import { optimizerStateCopies } from '../../../shared/optimizer-state.ts'
import { optimizers } from '../../../shared/registry/training.ts'
import { runConfigSchema } from '../../../shared/run-config.ts'
import { modelBuilders } from '../../nn/model-builders.ts'
import { startForTests } from '../../tensorflow/start-for-tests.ts'
import { buildOptimizer } from './build-optimizer.ts'

beforeAll(startForTests)

test.each(Object.keys(optimizers) as (keyof typeof optimizers)[])('%s keeps as much as is counted', (name) => {
  const network = modelBuilders['resnet20-cifar'](10, 1, { initialise: false })
  const trainable = network.parameters.all.filter((p) => p.trainable)
  for (const momentum of [0, 0.9]) {
    const config = runConfigSchema.parse({ optimizer: { name, momentum } }).optimizer
    const optimizer = buildOptimizer(trainable, config)
    const kept = [...optimizer.slots.values()].reduce((sum, { size }) => sum + size, 0)
    const { trainableCount } = network.parameters
    expect(Math.abs(kept / trainableCount - optimizerStateCopies(config))).toBeLessThan(0.02)
    optimizer.dispose()
  }
  network.parameters.dispose()
})
