// What TensorFlow says of memory it could not get, and a real refusal: the process lives on, and nothing stays behind.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test, vi } from 'vitest'
import { compileFunction } from './compiled-function.ts'
import { DType } from './dtypes.ts'
import type { TensorFlowRuntime } from './runtime.ts'
import { runTraced, startForTests } from './start-for-tests.ts'
import { refusedMemory, tensorFlowError } from './tensorflow-error.ts'
import { assignVariable, beginUpdates, createVariable, deleteVariable, readVariableValues } from './variables.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

test.each([
  // tensorflow/core/framework/op_kernel.cc
  [
    'OOM when allocating tensor with shape[128,32,32,16] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by ' +
      'allocator GPU_0_bfc',
    { bytes: 8_388_608, shape: [128, 32, 32, 16], dtype: 'float' },
  ],
  [
    'OOM when allocating tensor with shape[3,5] and type bfloat16 on CPU',
    { bytes: 30, shape: [3, 5], dtype: 'bfloat16' },
  ],
  ['OOM when allocating tensor with shape[] and type double', { bytes: 8, shape: [], dtype: 'double' }],
  // xla/stream_executor and xla/tsl/framework/bfc_allocator.cc
  ['Out of memory while trying to allocate 1073741824 bytes.', { bytes: 1_073_741_824 }],
  ['failed to allocate 2.00GiB (2147483648 bytes) from device: CUDA_ERROR_OUT_OF_MEMORY', { bytes: 2_147_483_648 }],
  ['Failed to allocate request for 1.00GiB (1073741824B) on device ordinal 0', { bytes: 1_073_741_824 }],
  ['Resource exhausted: too many files', null],
])('%s', (message, expected) => {
  expect(refusedMemory(message)).toEqual(expected)
})

test('the error says which operation needed how much', () => {
  const message =
    '{{function_node step_3}} OOM when allocating tensor with shape[256,1000] and type float\n\t [[{{node Conv2D_12}}]]'
  expect(tensorFlowError(8, message, 'step_3', [])).toMatchObject({
    code: 'out-of-memory',
    message: 'Out of memory in Conv2D: 2 MB for float [256, 1000] could not be had.',
    found: message,
    details: { op: 'Conv2D', neededBytes: 1_024_000, shape: [256, 1000], status: 8 },
  })
  expect(tensorFlowError(8, 'no room', 'MatMul', [])).toMatchObject({ message: 'Out of memory in MatMul.' })
})

/** 2^41 floats, 8 TiB. */
const tooLarge = (x: tf.Tensor) => tf.sum(tf.tile(tf.reshape(x, [1, 1, 2]), [2 ** 20, 2 ** 20, 1]))

test('memory that is refused while a function runs leaves variables, handles and the process as they were', async () => {
  const variable = createVariable('v', [], Float32Array.of(1))
  const compiled = compileFunction('large', [{ dtype: DType.float, shape: [2] }], (x) => {
    const sum = tooLarge(x as tf.Tensor)
    beginUpdates([sum])
    assignVariable(variable, sum)
    return [sum]
  })
  const input = runtime.createTensor([2], DType.float, Float32Array.of(1, 2))
  const handles = runtime.handleCount
  const refusal = {
    code: 'out-of-memory',
    details: { status: 8, op: 'Tile', shape: [2 ** 20, 2 ** 20, 2], neededBytes: 2 ** 43 },
  }
  // Once: the allocator waits ten seconds for others to free memory before it refuses.
  await expect(compiled.runAsync([input])).rejects.toMatchObject(refusal)
  expect(runtime.handleCount).toBe(handles)
  expect([...readVariableValues(variable)]).toEqual([1])
  expect([...(runTraced((x) => [tf.add(x as tf.Tensor, 1)], [{ shape: [2], values: [1, 2] }])[0] ?? [])]).toEqual([
    2, 3,
  ])
  runtime.deleteTensor(input)
  compiled.dispose()
  deleteVariable(variable)
})

test('memory of the host that is refused for a tensor is an error too', () => {
  const handles = runtime.handleCount
  const freed = vi.spyOn(runtime.api, 'TF_DeleteTensor')
  // A real refusal takes the allocator's ten seconds once more; it leaves the tensor without data.
  vi.spyOn(runtime.api, 'TF_TensorData').mockReturnValueOnce(null as never)
  expect(() => runtime.createTensor([2, 3], DType.float, new Float32Array(6))).toThrow(
    expect.objectContaining({ code: 'out-of-memory', details: { neededBytes: 24, shape: [2, 3] } }),
  )
  expect(freed).toHaveBeenCalledTimes(1)
  expect(runtime.handleCount).toBe(handles)
  vi.restoreAllMocks()
})
