import { expect, test } from 'vitest'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { parseRunConfig } from '../../../src-main/shared/config-fields.ts'
import { notFiniteFacts, rateToRecipe, usualCauses } from './trouble-facts.ts'

const recipe = parseRunConfig({ optimizer: { lr: 0.1 }, schedule: { warmup: 5 } })

test('a rate above the recipe’s is the first cause, and the way back to it is offered', () => {
  const config = parseRunConfig({ optimizer: { lr: 0.8, clip: 'norm' }, schedule: { warmup: 5 } })
  expect(usualCauses(config, recipe)).toEqual(['rate'])
  expect(rateToRecipe({ config, recipe: { config: recipe } } as RunDetail)).toBeCloseTo(0.125, 12)
  expect(rateToRecipe({ config: recipe, recipe: { config: recipe } } as RunDetail)).toBeNull()
})

test('without a cause in the config, the data is left', () => {
  const careful = parseRunConfig({ optimizer: { lr: 0.1, clip: 'norm' }, schedule: { warmup: 5 } })
  expect(usualCauses(careful, recipe)).toEqual(['data'])
  const bold = parseRunConfig({ optimizer: { lr: 0.1 }, compute: { precision: 'fp16' } })
  expect(usualCauses(bold, recipe)).toEqual(['warmup', 'precision', 'clip'])
})

test('details that the error does not tell are left open', () => {
  expect(notFiniteFacts({ code: 'not-finite', message: '' })).toEqual({
    layer: null,
    lr: null,
    gradientNorms: [],
    largestActivation: null,
  })
  const details = { layer: 'conv1', lr: 0.8, gradientNorms: [{ layer: 'fc', value: 3 }, { layer: 'x' }, null] }
  expect(notFiniteFacts({ code: 'not-finite', message: '', details })).toMatchObject({
    layer: 'conv1',
    lr: 0.8,
    gradientNorms: [{ layer: 'fc', value: 3 }],
  })
})
