// Moving averages of weights and buffers against timm and torchvision (tools/oracle), 1e-6 relative.
import { beforeAll, expect, test } from 'vitest'
import { pattern } from '../../../tools/oracle/pattern.ts'
import { averageOracles } from '../../../tools/oracle/read-training.ts'
import { configField } from '../../shared/config-fields.ts'
import { runConfigSchema } from '../../shared/run-config.ts'
import type { Parameter, ParameterRole } from '../nn/parameters.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { relativeError, startForTests } from '../tensorflow/start-for-tests.ts'
import { createVariable, deleteVariable, readVariableValues, writeVariable } from '../tensorflow/variables.ts'
import { createWeightAverage } from './weight-average.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const oracles = averageOracles()

test('every form of the average is compared with a reference', () => {
  const compared = new Set(oracles.map(({ config }) => config.train?.ema))
  expect([...compared, 'none'].sort()).toEqual([...configField('train.ema').choices].sort())
})

test.each(oracles.map((c) => [c.name, c] as const))('%s follows the reference', (_, c) => {
  const parameter = (name: string, role: ParameterRole, size: number): Parameter => ({
    name,
    role,
    trainable: role !== 'buffer',
    layer: 0,
    variable: createVariable(name, [size], new Float32Array(size)),
  })
  const [weight, running] = [parameter('weight', 'bias', 3), parameter('running', 'buffer', 2)]
  const set = (step: number) => {
    const values = pattern(60_000 + step, 5)
    writeVariable(weight.variable, values.subarray(0, 3))
    writeVariable(running.variable, values.subarray(3))
  }
  set(0)
  const average = createWeightAverage(runtime, [weight, running], runConfigSchema.parse(c.config), c)
  for (const [i, expected] of c.averages.entries()) {
    set(i + 1)
    average?.afterStep(i + 1)
    const found = [weight, running].flatMap((p) => [
      ...readVariableValues(average?.averageOf(p) ?? expect.fail('no average')),
    ])
    expect(relativeError(found, expected)).toBeLessThan(1e-6)
  }
  average?.dispose()
  for (const { variable } of [weight, running]) deleteVariable(variable)
})
