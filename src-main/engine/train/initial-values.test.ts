// Initial values of every parameter against the rules by which the reference implementations draw them
// (tools/oracle/initial_values.py). Constants are equal; deviations and means lie within four standard errors; the largest value
// keeps to its limit and comes within 1 % of it.
import { beforeAll, describe, expect, test } from 'vitest'
import { learned } from '../../../tools/oracle/expect-network.ts'
import { type DrawRule, initialValueOracles } from '../../../tools/oracle/read-networks.ts'
import { type ModelName, modelNames, models } from '../../shared/registry/models.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { readVariableValues } from '../tensorflow/variables.ts'
import { shallowBuilders } from './shallow-networks-for-tests.ts'

beforeAll(startForTests)

const classes = 10
const oracles = initialValueOracles()

test('every family of the registry is among them, but for two without a reference in PyTorch', () => {
  const families = new Set<string>(modelNames.map((name) => models[name].family))
  for (const { family } of oracles) families.delete(family)
  // LeNet-5: lenet.test.ts; the partial identity of airbench94: initialisers.test.ts.
  expect([...families]).toEqual(['lenet', 'airbench'])
})

describe.each(oracles)(
  '$name, last gammas at zero: $zeroInitResidual',
  ({ name, zeroInitResidual, rules, parameters }) => {
    test('draws as its reference', { timeout: 60_000 }, () => {
      const build = modelBuilders[name as ModelName] ?? shallowBuilders[name]
      const resolution = name in shallowBuilders ? { resolution: 32 } : {}
      const network = build(classes, 1, { zeroInitResidual, ...resolution })
      const found = learned(network)
      expect(found).toHaveLength(parameters.length)
      for (const [i, rule] of parameters.entries()) {
        const parameter = found[i]
        if (parameter) expectDraws(readVariableValues(parameter.variable), rules[rule] as DrawRule, parameter.name)
      }
      network.parameters.dispose()
    })
  },
)

function expectDraws(values: Float32Array, rule: DrawRule, name: string): void {
  if (rule.kind === 'fixed') return
  const { mean, deviation, least, largest } = momentsOf(values)
  if (rule.kind === 'constant') {
    expect([least, largest], name).toEqual([Math.fround(rule.value), Math.fround(rule.value)])
    return
  }
  const std = rule.kind === 'uniform' ? rule.bound / Math.sqrt(3) : rule.std * cut(rule)
  // Standard error of a sample's deviation: sqrt((kurtosis - 1) / 4n).
  const kurtosis = rule.kind === 'uniform' ? 1.8 : 3
  const count = values.length
  if (count > 1) {
    expect(Math.abs(deviation / std - 1), `deviation of ${name}`).toBeLessThan(
      4 * Math.sqrt((kurtosis - 1) / (4 * count)),
    )
  }
  expect(Math.abs(mean), `mean of ${name}`).toBeLessThan((4 * std) / Math.sqrt(count))
  const limit = rule.kind === 'uniform' ? rule.bound : rule.kind === 'truncated' ? rule.limit : Number.POSITIVE_INFINITY
  const extreme = Math.max(-least, largest)
  expect(extreme, `limit of ${name}`).toBeLessThanOrEqual(limit * (1 + 1e-6))
  if (count < 2000) return
  // A sample of so many comes near a limit that it can reach, and passes three deviations where there is none.
  if (limit < 4 * std) expect(extreme, `limit of ${name}`).toBeGreaterThan(0.99 * limit)
  else expect(extreme, `tail of ${name}`).toBeGreaterThan(3 * std)
}

/** Deviation of a standard normal that is cut at limit / std. */
function cut(rule: DrawRule): number {
  return rule.kind === 'truncated' && rule.limit < 3 * rule.std ? 0.87962566103423978 : 1
}

function momentsOf(values: Float32Array) {
  let [sum, squares, least, largest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    sum += value
    squares += value * value
    if (value < least) least = value
    if (value > largest) largest = value
  }
  const mean = sum / values.length
  return { mean, deviation: Math.sqrt(squares / values.length - mean * mean), least, largest }
}
