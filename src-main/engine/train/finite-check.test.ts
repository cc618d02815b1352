// A step whose loss, gradients or running statistics are not finite fails as a whole and changes nothing. A healthy one is bitwise
// what it is without the check.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test, vi } from 'vitest'
import { cifarResNet } from '../nn/models/cifar-resnet.ts'
import { lenet5 } from '../nn/models/lenet.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import {
  assignVariable,
  beginUpdates,
  createVariable,
  deleteVariable,
  readVariableValues,
} from '../tensorflow/variables.ts'
import { finiteChecks, notFiniteFailure } from './finite-check.ts'
import { stepsForTests } from './steps-for-tests.ts'
import type { BatchPart } from './training-step.ts'

const checks = vi.hoisted(() => ({ on: true }))
vi.mock(import('./finite-check.ts'), async (original) => {
  const real = await original()
  return {
    ...real,
    finiteChecks: (numbers) => (checks.on ? real.finiteChecks(numbers) : []),
  }
})

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const resNet8 = (config = {}) => stepsForTests({ network: cifarResNet(8, 'B', 4, 1, {}), size: 4, config })
const leNet = (config = {}) => stepsForTests({ network: lenet5(4, 1, {}), size: 4, shape: [32, 32, 1], config })

test('a loss that overflows is refused, and parameters, slots and statistics are bitwise as they were', async () => {
  const steps = resNet8({ optimizer: { name: 'adamw', weightDecay: 0.1 } })
  await steps.step(0.01)
  steps.scale('linear.weight', 1e38)
  const before = steps.state()
  const handles = runtime.handleCount
  await expect(steps.step(0.01)).rejects.toMatchObject({ code: 'not-finite', details: { what: 'loss' } })
  expect(steps.state()).toEqual(before)
  expect(runtime.handleCount).toBe(handles)
  steps.dispose()
})

test('so is a gradient that overflows behind a finite loss', async () => {
  const steps = resNet8({ optimizer: { lr: 0.1 } })
  await steps.step(0.01)
  // Features and class weights whose products stay below 3.4e38, while the gradients multiply once more.
  steps.scale('layer3.0.bn2.weight', 1e15)
  steps.scale('linear.weight', 1e20)
  const before = steps.state()
  await expect(steps.step(0.01)).rejects.toMatchObject({ code: 'not-finite', details: { what: 'gradient' } })
  expect(steps.state()).toEqual(before)
  steps.dispose()
})

test('so is a running variance that overflows behind a finite loss', async () => {
  const steps = resNet8()
  steps.scale('layer2.0.conv2.weight', 1e25)
  const before = steps.state()
  const { details } = await steps.step(0.01).catch((error) => error)
  expect(details).toEqual({ what: 'statistics' })
  expect(steps.state()).toEqual(before)
  steps.dispose()
})

test('a rate that is far too high ends in a refused step, not in weights that are NaN', async () => {
  const steps = resNet8({ optimizer: { name: 'sgd', momentum: 0.9 } })
  let before = steps.state()
  const end = await (async () => {
    for (let stream = 1; stream <= 20; stream++) {
      before = steps.state()
      await steps.step(1e12, stream)
    }
  })().catch((error) => error)
  expect(end).toMatchObject({ code: 'not-finite' })
  expect(steps.state()).toEqual(before)
  for (const { name } of steps.context.network.parameters.all) {
    expect(steps.values(name).some(Number.isNaN), name).toBe(false)
  }
  steps.dispose()
})

test('a part of a step that is refused leaves the sums of gradients alone', async () => {
  const config = { train: { accumulate: 2 } }
  const [steps, undisturbed] = [leNet(config), leNet(config)]
  const [first, last] = [
    { index: 0, of: 2 },
    { index: 1, of: 2 },
  ]
  await steps.step(0.1, 1, first)
  const [weight] = steps.values('output.weight')
  steps.set('output.weight', Number.NaN)
  await expect(steps.step(0.1, 2, first)).rejects.toMatchObject({ code: 'not-finite' })
  await expect(steps.step(0.1, 2, last)).rejects.toMatchObject({ code: 'not-finite' })
  steps.set('output.weight', weight as number)
  await steps.step(0.1, 2, last)
  await undisturbed.step(0.1, 1, first)
  await undisturbed.step(0.1, 2, last)
  expect(steps.state()).toEqual(undisturbed.state())
  steps.dispose()
  undisturbed.dispose()
})

const hasChecks = ({ variants }: ReturnType<typeof stepsForTests>, part: BatchPart) =>
  variants.compiled({ size: 4, input: [32, 32] }, 0, part).nodes.some(({ type }) => type === 'CheckNumerics')

test.each([{}, { train: { accumulate: 2 } }, { compute: { precision: 'bf16' as const } }])(
  'healthy steps are bitwise those without the check: %j',
  async (config) => {
    const [checked, unchecked] = [resNet8(config), resNet8(config)]
    const of = config.train?.accumulate ?? 1
    for (let stream = 0; stream < 2 * of; stream++) {
      const part = { index: stream % of, of }
      checks.on = true
      const result = await checked.step(0.1, stream, part)
      checks.on = false
      expect(await unchecked.step(0.1, stream, part)).toEqual(result)
      expect([hasChecks(checked, part), hasChecks(unchecked, part)]).toEqual([true, false])
    }
    checks.on = true
    expect(checked.state()).toEqual(unchecked.state())
    checked.dispose()
    unchecked.dispose()
  },
)

test('under a loss scale a gradient that overflows skips the step, and only the loss counts', async () => {
  const steps = leNet({ compute: { precision: 'fp16' } })
  const scale = () => steps.context.lossScale?.read().scale
  // Finite, but not 65,536 times.
  steps.scale('output.weight', 1e36)
  const before = steps.state()
  const { loss } = await steps.step(0.1)
  expect(Number.isFinite(loss)).toBe(true)
  expect(steps.state()).toEqual(before)
  expect(scale()).toBe(32_768)
  steps.set('output.weight', Number.NaN)
  const poisoned = steps.state()
  await expect(steps.step(0.1)).rejects.toMatchObject({ code: 'not-finite', details: { what: 'loss' } })
  expect(steps.state()).toEqual(poisoned)
  expect(scale()).toBe(32_768)
  steps.dispose()
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'updates wait for the checks in a function that cannot be stopped: %d',
  (value) => {
    const variable = createVariable('v', [], Float32Array.of(1))
    const compiled = compileFunction(
      'checked',
      [],
      () => {
        const checks = finiteChecks({ loss: tf.scalar(1), gradients: [tf.tensor1d([0, value])], statistics: [] })
        beginUpdates(checks)
        assignVariable(variable, tf.scalar(2))
        return []
      },
      { cancellable: false },
    )
    const error = (() => {
      try {
        compiled.run([])
      } catch (thrown) {
        return notFiniteFailure(thrown)
      }
    })()
    expect(error).toMatchObject({ found: Number.isNaN(value) ? 'NaN' : expect.stringContaining('Inf') })
    expect([...readVariableValues(variable)]).toEqual([1])
    compiled.dispose()
    deleteVariable(variable)
  },
)
