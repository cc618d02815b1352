import { describe, expect, it } from 'vitest'
import { toFloat32 } from './float32-values.ts'
import { readTfjsLayersModel } from './tfjs-layers.ts'

const topology = {
  model_config: {
    class_name: 'Sequential',
    config: { name: 'net', layers: [{ class_name: 'Dense', config: { name: 'dense' } }] },
  },
}
const weights = [
  { name: 'dense/kernel', shape: [2, 2], dtype: 'float32' },
  { name: 'dense/u8', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -10 } },
  { name: 'dense/u16', shape: [2], dtype: 'float32', quantization: { dtype: 'uint16', scale: 0.25, min: 1 } },
  { name: 'dense/f16', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
]
/** 16 bytes of float32, 3 of uint8, 4 of uint16, 4 of float16. */
const values = new Uint8Array([
  ...new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer),
  ...[0, 20, 255],
  ...new Uint8Array(Uint16Array.of(4, 65535).buffer),
  ...new Uint8Array(Uint16Array.of(0x3c00, 0xc000).buffer),
])
const shards = new Map([
  ['one.bin', values.slice(0, 9)],
  ['two.bin', values.slice(9)],
])
const model = (changes: object = {}, listed: readonly object[] = weights) =>
  new TextEncoder().encode(
    JSON.stringify({
      format: 'layers-model',
      modelTopology: topology,
      weightsManifest: [{ paths: [...shards.keys()], weights: listed }],
      ...changes,
    }),
  )

describe('layers models of TensorFlow.js', () => {
  it('reads weights across shards, plain and quantised', () => {
    const { tensors } = readTfjsLayersModel(model(), shards, 'model.json')
    expect(tensors.map((tensor) => [tensor.name, tensor.shape, [...toFloat32(tensor)]])).toEqual([
      ['dense/kernel', [2, 2], [1, 2, 3, 4]],
      ['dense/u8', [3], [-10, 0, 117.5]],
      ['dense/u16', [2], [2, 16384.75]],
      ['dense/f16', [2], [1, -2]],
    ])
  })

  it.each<[string, Uint8Array, Map<string, Uint8Array>, object]>([
    ['a shard that is missing', model(), new Map([['one.bin', values.slice(0, 9)]]), { code: 'data-missing' }],
    ['too few bytes', model(), new Map([...shards, ['two.bin', values.slice(9, 20)]]), { code: 'data-truncated' }],
    ['too many bytes', model({}, weights.slice(1)), shards, { code: 'data-format', expected: '11 bytes' }],
    ['a huge shape', model({}, [{ ...weights[0], shape: [2 ** 40, 2 ** 10] }]), shards, { code: 'data-truncated' }],
    ['a graph model', model({ format: 'graph-model' }), shards, { found: 'graph-model' }],
    [
      'a name that repeats',
      model({}, [weights[0], weights[1], weights[2], { ...weights[3], name: 'dense/u8' }] as object[]),
      shards,
      { found: '3 names for 4 weights' },
    ],
    [
      'an unknown quantisation',
      model({}, [{ ...weights[0], quantization: { dtype: 'int4' } }]),
      shards,
      { code: 'data-format' },
    ],
    ['other bytes', values, shards, { code: 'data-format' }],
    [
      'a layer that Keras does not have',
      model({
        modelTopology: { class_name: 'Sequential', config: [{ class_name: 'Custom', config: { name: 'mine' } }] },
      }),
      shards,
      { found: 'Custom' },
    ],
  ])('refuses %s', (_, json, parts, error) => {
    expect(() => readTfjsLayersModel(json, parts, 'model.json')).toThrowError(expect.objectContaining(error))
  })
})
