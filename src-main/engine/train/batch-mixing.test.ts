// Mixing inside the compiled step against the plain implementation: pictures bit for bit, targets within 1e-6.
import type * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { pattern } from '../../../tools/oracle/pattern.ts'
import { runConfigSchema } from '../../shared/run-config.ts'
import {
  type MixingDraw,
  type MixingReference,
  mixedTargets,
  mixingPartners,
  mixPictures,
} from '../data/augmentations/mixing.ts'
import { tensorFlowBackend } from '../tensorflow/backend.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { smoothedTargets } from '../tensorflow/ops/cross-entropy.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { mixBatch, mixingInput, mixingValues } from './batch-mixing.ts'

beforeAll(startForTests)

const [count, height, width, classes] = [5, 6, 7, 4]
const images = Float32Array.from(pattern(3, count * height * width * 3))
const labels = Int32Array.of(0, 3, 1, 1, 2)

/** Pictures and targets of one batch out of the compiled form. */
function compiled(augment: object, draw: MixingDraw, smoothing: number): [Float32Array, Float32Array] {
  const config = runConfigSchema.parse({ augment }).augment
  const { runtime } = tensorFlowBackend()
  const specs = [
    { dtype: DType.float, shape: [count, height, width, 3] },
    { dtype: DType.int32, shape: [count] },
    { dtype: DType.float, shape: [mixingValues] },
  ]
  const body = compileFunction('mixing', specs, (...inputs) => {
    const [x, l, mixing] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor]
    const mixed = mixBatch({ x, targets: smoothedTargets(l, classes, smoothing) }, mixing, config)
    return [mixed.x, mixed.targets]
  })
  const ids = [
    runtime.createTensor([count, height, width, 3], DType.float, images),
    runtime.createTensor([count], DType.int32, labels),
    runtime.createTensor([mixingValues], DType.float, mixingInput(draw)),
  ]
  const outputs = body.run(ids)
  const [x, targets] = outputs.map(({ id }) => new Float32Array(runtime.readTensor(id).bytes))
  for (const id of [...ids, ...outputs.map((output) => output.id)]) runtime.deleteTensor(id)
  body.dispose()
  return [x ?? new Float32Array(), targets ?? new Float32Array()]
}

const box = { top: 1, left: 2, height: 3, width: 4 }
const draws: [string, MixingDraw][] = [
  ['nothing', { lambda: 1, box: null }],
  ['Mixup', { lambda: 0.3137, box: null }],
  ['CutMix', { lambda: 1 - 12 / 42, box }],
  ['an empty box', { lambda: 1, box: { ...box, height: 0 } }],
]
const references: MixingReference[] = ['timm', 'torchvision', 'big-vision']

test.each(references.flatMap((reference) => draws.map(([name, draw]) => [name, reference, draw] as const)))(
  '%s as in %s',
  (_, mixReference, draw) => {
    const expected = images.slice()
    const partners = mixingPartners(mixReference, count)
    mixPictures(expected, [height, width], partners, draw)
    const [x, targets] = compiled({ mixReference, mixup: 0.2, cutmix: 1 }, draw, 0.1)
    expect(x).toEqual(expected)
    const soft = mixedTargets(labels, classes, draw.lambda, partners, 0.1)
    for (const [i, value] of soft.entries()) expect(Math.abs((targets[i] ?? Number.NaN) - value)).toBeLessThan(1e-6)
  },
)

test.each([
  ['Mixup', { mixup: 0.2 }, draws[1]?.[1]],
  ['CutMix', { cutmix: 1 }, draws[2]?.[1]],
] as const)('%s alone takes only the operations it needs', (_, augment, draw) => {
  if (!draw) throw new Error('no draw')
  const expected = images.slice()
  mixPictures(expected, [height, width], mixingPartners('timm', count), draw)
  expect(compiled(augment, draw, 0)[0]).toEqual(expected)
})
