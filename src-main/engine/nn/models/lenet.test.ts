// LeNet-5 against figures of its paper (LeCun et al. 1998), which has no reference implementation: connections by layer, and
// the initial weights of appendix A. Logits and gradients: networks.test.ts.
import { beforeAll, expect, test } from 'vitest'
import { startForTests } from '../../tensorflow/start-for-tests.ts'
import { readVariableValues } from '../../tensorflow/variables.ts'
import { costOf } from '../network-cost.ts'
import type { Parameter } from '../parameters.ts'
import { lenet5 } from './lenet.ts'

beforeAll(startForTests)

const values = (parameters: readonly Parameter[], name: string) =>
  readVariableValues((parameters.find((p) => p.name === name) as Parameter).variable)

test('the multiply-accumulates are the connections of each layer, without those of biases', () => {
  const network = lenet5(10, 1, { initialise: false })
  // C1, C3, C5 and F6 as section II.B counts them, and 84 connections of each of ten outputs. Subsampling counts nothing.
  const [c1, c3, c5, f6, output] = [122_304 - 28 * 28 * 6, 151_600 - 10 * 10 * 16, 48_120 - 120, 10_164 - 84, 840]
  expect(costOf(network, [32, 32, 1]).macs).toBe(c1 + c3 + c5 + f6 + output)
  network.parameters.dispose()
})

test('weights are uniform within 2.4 over the inputs of their unit', () => {
  const network = lenet5(10, 1, {})
  const { all } = network.parameters
  const largest = (weights: Float32Array) => weights.reduce((max, v) => Math.max(max, Math.abs(v)), 0)
  for (const [name, inputs] of Object.entries({ c1: 25, c5: 400, f6: 120, output: 84 })) {
    const limit = largest(values(all, `${name}.weight`)) * inputs
    expect(limit, name).toBeLessThanOrEqual(2.4 * (1 + 1e-6))
    expect(limit, name).toBeGreaterThan(2.4 * 0.95)
  }
  // Units of C3 see three, four or six maps of S2; table I has 18, 36 and 6 kernels of 25 weights of them.
  const c3 = values(all, 'c3.weight')
  for (const [from, to, maps] of [
    [0, 18, 3],
    [18, 54, 4],
    [54, 60, 6],
  ] as const) {
    const limit = largest(c3.slice(25 * from, 25 * to)) * 25 * maps
    expect(limit, `C3 of ${maps} maps`).toBeLessThanOrEqual(2.4 * (1 + 1e-6))
    expect(limit, `C3 of ${maps} maps`).toBeGreaterThan(2.4 * 0.95)
  }
  network.parameters.dispose()
})
