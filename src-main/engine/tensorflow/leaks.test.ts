// Whatever fails or is stopped gives back what TensorFlow lent for it: operations, statuses, cancellation managers, graphs.
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { attr } from './attributes.ts'
import { compileFunction } from './compiled-function.ts'
import { DType } from './dtypes.ts'
import type { TensorFlowRuntime } from './runtime.ts'
import { startForTests } from './start-for-tests.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const pairs = [
  ['TFE_NewOp', 'TFE_DeleteOp'],
  ['TF_NewStatus', 'TF_DeleteStatus'],
  ['TFE_NewCancellationManager', 'TFE_DeleteCancellationManager'],
  ['TF_NewGraph', 'TF_DeleteGraph'],
  ['TF_AllocateTensor', 'TF_DeleteTensor'],
] as const

let spies: { name: string; made: ReturnType<typeof vi.spyOn>; ended: ReturnType<typeof vi.spyOn> }[] = []
let handles = 0
beforeEach(() => {
  handles = runtime.handleCount
  spies = pairs.map(([make, end]) => ({
    name: make,
    made: vi.spyOn(runtime.api, make),
    ended: vi.spyOn(runtime.api, end),
  }))
})
afterEach(() => vi.restoreAllMocks())

/** Everything made has ended; `made` names what was made at least once. */
function expectNothingLeft(...made: (typeof pairs)[number][0][]) {
  for (const spy of spies) {
    expect(spy.ended.mock.calls.length, spy.name).toBe(spy.made.mock.calls.length)
    if (made.some((name) => name === spy.name)) expect(spy.made, spy.name).toHaveBeenCalled()
  }
  expect(runtime.handleCount).toBe(handles)
}

const matrix = () => runtime.createTensor([2, 3], DType.float, new Float32Array(6))

test('an operation that is refused', () => {
  const [a, b] = [matrix(), matrix()]
  expect(() => runtime.executeOp('MatMul', [attr.type('T', DType.float)], [a, b], 1)).toThrow('MatMul')
  runtime.deleteTensor(a)
  runtime.deleteTensor(b)
  expectNothingLeft('TFE_NewOp', 'TF_AllocateTensor')
})

test('an operation on a tensor that is gone', () => {
  const gone = matrix()
  runtime.deleteTensor(gone)
  expect(() => runtime.executeOp('Relu', [attr.type('T', DType.float)], [gone], 1)).toThrow('after it was deleted')
  expectNothingLeft('TFE_NewOp')
})

test('a body that throws while it is traced, and one whose shapes do not fit', () => {
  const specs = [{ dtype: DType.float, shape: [2, 3] }]
  const thrown = (body: (x: tf.Tensor) => tf.Tensor) => () =>
    compileFunction('bad', specs, (x) => [body(x as tf.Tensor)])
  const failing = () => {
    throw new Error('no network')
  }
  const tensors = tf.memory().numTensors
  expect(thrown(failing)).toThrow('no network')
  expect(thrown((x) => tf.matMul(x as tf.Tensor2D, tf.zeros([4, 2])))).toThrow()
  expect(tf.memory().numTensors).toBe(tensors)
  expectNothingLeft('TF_NewGraph')
})

test('an asynchronous call that fails, one that is stopped, and one that was stopped before it began', async () => {
  const specs = [{ dtype: DType.float, shape: [700, 700] }]
  const long = compileFunction('long', specs, (x) => {
    let y = x as tf.Tensor2D
    for (let i = 0; i < 100; i++) y = tf.matMul(y, x as tf.Tensor2D)
    return [tf.sum(y)]
  })
  const input = runtime.createTensor([700, 700], DType.float, new Float32Array(490_000).fill(1e-3))
  const other = matrix()
  await expect(long.runAsync([other], new AbortController().signal)).rejects.toMatchObject({ code: 'tensorflow-op' })
  const stop = new AbortController()
  const running = long.runAsync([input], stop.signal)
  setTimeout(() => stop.abort(), 5)
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  await expect(long.runAsync([input], stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
  runtime.deleteTensor(input)
  runtime.deleteTensor(other)
  long.dispose()
  expectNothingLeft('TFE_NewCancellationManager', 'TF_NewStatus')
})
