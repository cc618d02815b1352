import { expect, it } from 'vitest'
import { weightFile } from '../../../tools/oracle/read-weights.ts'
import type { KerasLayer, KerasWeights } from '../formats/keras-layers.ts'
import { readKerasWeights } from '../formats/keras-weights.ts'
import { kerasInputSize, kerasTransform } from './keras-transform.ts'

const layer = (className: string, config: Record<string, unknown>): KerasLayer => ({
  className,
  name: String(config.name ?? className.toLowerCase()),
  config,
  layers: null,
})
const configured = (...layers: KerasLayer[]): KerasWeights => ({
  tensors: [],
  model: { ...layer('Functional', {}), layers },
  notes: [],
})
const weightsAlone: KerasWeights = { tensors: [], model: null, notes: [] }

it.each(['input-layers.h5', 'input-layers.keras'])('%s: layers in front become one normalisation', async (file) => {
  const weights = await readKerasWeights(weightFile(file), file)
  expect(weights.model?.name).toBe('with_input_layers')
  expect(weights.notes).toEqual(['6 tensors of the state of the optimizer were left out.'])
  expect(weights.tensors.find(({ name }) => name === 'normalization/count')?.dtype).toBe('I32')
  expect(kerasInputSize(weights)).toBe(8)
  const { normalization } = kerasTransform('efficientnetb0', weights, 8, file)
  // ((x / 255 - mean) / sqrt(variance)) [2, 3, 4] + 0.5, with mean [0.5, 0.25, 0.125] and variance [0.25, 1, 0.0625].
  for (const x of [0, 17, 255]) {
    for (const [c, [mean, root, scale]] of (
      [
        [0.5, 0.5, 2],
        [0.25, 1, 3],
        [0.125, 0.25, 4],
      ] as const
    ).entries()) {
      const { divisor, mean: means, std } = normalization
      const found = (x / divisor - (means[c] ?? Number.NaN)) / (std[c] ?? Number.NaN)
      expect(found).toBeCloseTo(((x / 255 - mean) / root) * scale + 0.5, 5)
    }
  }
})

it('without layers in front the preprocessing of the family holds', () => {
  const caffe = { divisor: 1, mean: [103.939, 116.779, 123.68], std: [1, 1, 1], order: 'bgr' }
  const resnet = configured(layer('InputLayer', { batch_shape: [null, 224, 224, 3] }), layer('Conv2D', {}))
  for (const weights of [weightsAlone, resnet]) {
    expect(kerasTransform('resnet50', weights, 224, 'a.h5')).toEqual({
      geometry: { mode: 'squash', resize: [224, 224], crop: [224, 224] },
      filter: 'tf-bilinear',
      normalization: caffe,
    })
  }
  const mobile = kerasTransform('mobilenetv2_1.00', weightsAlone, 224, 'a.h5')
  expect(mobile.normalization).toEqual({ divisor: 127.5, mean: [1, 1, 1], std: [1, 1, 1] })
})

it('takes mean and variance from a configuration, as ConvNeXt has them', () => {
  const [mean, deviation] = [[0.485, 0.456, 0.406].map((v) => v * 255), [0.229, 0.224, 0.225].map((v) => v * 255)]
  const variance = deviation.map((v) => v ** 2)
  const model = configured(
    layer('InputLayer', {}),
    layer('Normalization', { mean: [[[mean]]], variance: [[[variance]]] }),
  )
  const { normalization } = kerasTransform('convnext_tiny', model, 224, 'a.keras')
  expect(normalization).toEqual({ divisor: 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] })
})

it('refuses statistics that cannot be', () => {
  const wrong = configured(layer('Normalization', { mean: [0, 0, 0], variance: [1, 0, 1] }))
  expect(() => kerasTransform('convnext_tiny', wrong, 224, 'a.keras')).toThrowError(
    expect.objectContaining({ code: 'data-format', found: '1 0 1' }),
  )
  const none = configured(layer('Rescaling', { scale: 'fast' }))
  expect(() => kerasTransform('convnext_tiny', none, 224, 'a.keras')).toThrowError(
    expect.objectContaining({ code: 'data-format', found: '"fast"' }),
  )
})
