import { fork } from 'node:child_process'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import { attr } from './attributes.ts'
import { tensorFlowBackend } from './backend.ts'
import { compileFunction } from './compiled-function.ts'
import { DType } from './dtypes.ts'
import { rawOp } from './ops/raw-op.ts'
import type { TensorFlowRuntime } from './runtime.ts'
import { runTraced, startForTests } from './start-for-tests.ts'
import {
  assignVariable,
  beginUpdates,
  createVariable,
  deleteVariable,
  readVariable,
  readVariableValues,
  updateVariable,
} from './variables.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const scalar = (value: number) => runtime.createTensor([], DType.float, new Float32Array([value]))

/** A function that multiplies a matrix by itself many times: long enough to be interrupted. */
function longFunction() {
  const size = 900
  const compiled = compileFunction('long', [{ dtype: DType.float, shape: [size, size] }], (x) => {
    let y = x as tf.Tensor2D
    for (let i = 0; i < 60; i++) y = tf.matMul(y, x as tf.Tensor2D)
    return [tf.sum(y)]
  })
  return { compiled, input: runtime.createTensor([size, size], DType.float, new Float32Array(size * size).fill(1e-3)) }
}

test('an asynchronous call leaves the event loop free', async () => {
  const { compiled, input } = longFunction()
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const outputs = await compiled.runAsync([input])
  clearInterval(timer)
  expect(turns).toBeGreaterThan(3)
  for (const { id } of outputs) runtime.deleteTensor(id)
  runtime.deleteTensor(input)
})

/** A function that says in `started` that it runs, then multiplies for long, then sets `updated` to 2. */
function startedFunction(products: number, cancellable: boolean) {
  const started = createVariable('started', [], Float32Array.from([0]))
  const updated = createVariable('updated', [], Float32Array.from([1]))
  const size = 900
  const body = (x: tf.Tensor) => {
    assignVariable(started, tf.scalar(1))
    let y = x as tf.Tensor2D
    for (let i = 0; i < products; i++) y = tf.matMul(y, x as tf.Tensor2D)
    const sum = tf.sum(y)
    beginUpdates([sum])
    assignVariable(updated, tf.add(tf.mul(sum, 0), 2))
    return [sum]
  }
  const compiled = compileFunction(
    'started',
    [{ dtype: DType.float, shape: [size, size] }],
    (x) => body(x as tf.Tensor),
    {
      cancellable,
    },
  )
  const input = runtime.createTensor([size, size], DType.float, new Float32Array(size * size).fill(1e-3))
  return {
    run: (signal?: AbortSignal) => compiled.runAsync([input], signal),
    updated: () => readVariableValues(updated)[0],
    async whenStarted() {
      while (readVariableValues(started)[0] !== 1) await new Promise(setImmediate)
    },
    dispose() {
      compiled.dispose()
      for (const variable of [started, updated]) deleteVariable(variable)
      runtime.deleteTensor(input)
    },
  }
}

test('an abort stops a function while it runs, before it has updated anything', async () => {
  const step = startedFunction(80, true)
  const handles = runtime.handleCount
  const stop = new AbortController()
  const running = step.run(stop.signal)
  await step.whenStarted()
  stop.abort()
  // Status 1 is TensorFlow's own CANCELLED: its executor stopped.
  await expect(running).rejects.toMatchObject({ code: 'cancelled', details: { status: 1 } })
  expect(step.updated()).toBe(1)
  await expect(step.run(stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
  expect(runtime.handleCount).toBe(handles)
  // Not stopped, the same function goes through.
  const [sum] = await step.run()
  expect(step.updated()).toBe(2)
  runtime.deleteTensor(sum?.id ?? -1)
  step.dispose()
})

test('a function without cancellation points runs to its end, and its results arrive', async () => {
  const step = startedFunction(20, false)
  const stop = new AbortController()
  const running = step.run(stop.signal)
  await step.whenStarted()
  stop.abort()
  const [sum] = await running
  expect(step.updated()).toBe(2)
  runtime.deleteTensor(sum?.id ?? -1)
  step.dispose()
})

test('errors carry the operation, the shapes and the message of TensorFlow', () => {
  const multiply = () => rawOp('MatMul', [attr.type('T', DType.float)], [tf.zeros([2, 3]), tf.zeros([2, 3])])
  for (const run of [multiply, () => runTraced(() => [multiply()], [])]) {
    expect(run).toThrow(RepriseError)
    expect(run).toThrow(/MatMul on float \[2, 3\], float \[2, 3\]/)
  }
})

test('a tensor of one trace is refused in another', () => {
  let leaked: tf.Tensor | undefined
  runTraced(
    (x) => {
      leaked = tf.keep(tf.add(x as tf.Tensor, 1))
      return [leaked]
    },
    [{ shape: [2], values: [1, 2] }],
  )
  expect(() =>
    runTraced((x) => [tf.add(x as tf.Tensor, leaked as tf.Tensor)], [{ shape: [2], values: [1, 2] }]),
  ).toThrow('used in another')
})

test('reading a value while tracing is refused with the way out', () => {
  expect(() =>
    runTraced((x) => [tf.scalar((x as tf.Tensor).dataSync()[0] ?? 0)], [{ shape: [], values: [1] }]),
  ).toThrow('while its function is being traced')
})

test('updates in a function wait for its reads', () => {
  const variable = createVariable('v', [2], Float32Array.from([1, 2]))
  const compiled = compileFunction('update', [], () => {
    const before = readVariable(variable)
    updateVariable('AssignAddVariableOp', [attr.type('dtype', DType.float)], [variable], [tf.tensor1d([10, 10])])
    return [tf.mul(before, 1)]
  })
  for (const expected of [
    [1, 2],
    [11, 12],
    [21, 22],
  ]) {
    const [output] = compiled.run([])
    expect([...new Float32Array(runtime.readTensor(output?.id ?? -1).bytes)]).toEqual(expected)
    runtime.deleteTensor(output?.id ?? -1)
  }
  expect([...readVariableValues(variable)]).toEqual([31, 32])
  deleteVariable(variable)
})

test('2,000 steps leave handles, tensors and memory as they were', async () => {
  const variable = createVariable('w', [64, 64], new Float32Array(4096).fill(0.01))
  const compiled = compileFunction('step', [{ dtype: DType.float, shape: [] }], (lr) => {
    const w = readVariable(variable)
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
      tf.sum(tf.square(tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D))),
    )(w)
    updateVariable(
      'ResourceApplyGradientDescent',
      [attr.type('T', DType.float), attr.bool('use_locking', false)],
      [variable],
      [lr as tf.Tensor, grad],
    )
    return [value]
  })
  const step = async () => {
    const lr = scalar(1e-4)
    const [loss] = await compiled.runAsync([lr])
    runtime.readTensor(loss?.id ?? -1)
    runtime.deleteTensor(loss?.id ?? -1)
    runtime.deleteTensor(lr)
  }
  for (let i = 0; i < 200; i++) await step()
  const before = { handles: runtime.handleCount, tensors: tf.memory().numTensors, rss: process.memoryUsage.rss() }
  for (let i = 0; i < 2000; i++) await step()
  expect(runtime.handleCount).toBe(before.handles)
  expect(tf.memory().numTensors).toBe(before.tensors)
  // A step that kept its 64x64 matrices would add 2,000 x 48 KB.
  expect(process.memoryUsage.rss() - before.rss).toBeLessThan(40e6)
  compiled.dispose()
  deleteVariable(variable)
})

test('the context lists its devices with their memory', () => {
  const devices = runtime.devices()
  expect(devices[0]).toMatchObject({ type: 'CPU' })
  expect(devices.every(({ memoryBytes }) => memoryBytes > 0)).toBe(true)
  expect(tensorFlowBackend().isUsingGpuDevice).toBe(devices.some(({ type }) => type === 'GPU'))
})

test('a process that computed ends cleanly', async () => {
  const child = fork(new URL('clean-end-fixture.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const end = await new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  expect(end).toEqual({ code: 0, signal: null })
})
