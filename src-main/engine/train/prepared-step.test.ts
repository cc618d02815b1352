// What a preview shows is what the compiled step feeds its network: pictures to the last bit, targets within 1e-6, as they
// are mixed in another order.
import type * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { pattern } from '../../../tools/oracle/pattern.ts'
import { type RunConfigInput, runConfigSchema } from '../../shared/run-config.ts'
import type { PixelDataset } from '../data/dataset.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { createBatchSource } from './batch-source.ts'
import { needsFeed, openPictureFeed } from './picture-feed.ts'
import { preparedStep } from './prepared-step.ts'
import { stepContext } from './step-context.ts'
import { type BatchTensors, batchSpecs, stepInput } from './step-input.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const classes = ['a', 'b', 'c']

function pixels(side: number, count: number): PixelDataset {
  const set = {
    images: Uint8Array.from(pattern(4, count * side * side * 3), (v) => Math.round((v + 1) * 127)),
    labels: Uint8Array.from({ length: count }, (_, i) => (5 * i) % 3),
    count,
  }
  const summary = { id: 't', label: 'T', fingerprint: '', benchmark: false, skipped: [], classes }
  return {
    storage: 'pixels',
    summary: { ...summary, train: count, test: count },
    shape: [side, side, 3],
    mean: [0.4, 0.5, 0.6],
    std: [0.2, 0.25, 0.3],
    train: set,
    test: set,
  }
}

const settings: [string, number, RunConfigInput][] = [
  ['stored pictures', 32, { augment: { pad: 4, flip: 'random', cutout: 8 }, train: { labelSmoothing: 0.1 } }],
  ['a border around smaller pictures', 28, { augment: { flip: 'random' }, model: { name: 'resnet20-cifar' } }],
  ['crops as bytes', 40, { augment: { crop: 'random-resized', flip: 'random' } }],
  [
    'policy, erasing and mixing',
    40,
    {
      augment: {
        crop: 'random-resized',
        policy: 'rand-timm',
        policySpec: 'rand-m9-mstd0.5-inc1',
        erasing: 0.6,
        mixup: 0.8,
        cutmix: 1,
      },
      train: { labelSmoothing: 0.1 },
    },
  ],
  [
    'mixed bytes, rolled',
    40,
    { augment: { crop: 'random-resized', cutmix: 1, mixup: 0.4, mixReference: 'torchvision' } },
  ],
  ['repeated views', 40, { augment: { crop: 'random-resized', repeats: 3, lighting: 0.1 } }],
  [
    'splits',
    40,
    {
      augment: { crop: 'random-resized', policy: 'augmix', policySpec: 'augmix-m5-w4-d2', splits: 3 },
      train: { loss: 'jsd' },
    },
  ],
  ['a growing input', 40, { input: { size: 64, growFrom: 32 }, augment: { crop: 'random-resized' } }],
]

test.each(settings)('%s', async (_, side, { train, ...more }) => {
  const dataset = pixels(side, 17)
  const config = runConfigSchema.parse({
    model: { name: 'resnet20-cifar' },
    ...more,
    train: { length: 3, batchSize: 6, ...train },
    compute: { threads: 1 },
  })
  const feed = needsFeed(config, dataset.shape) ? openPictureFeed(dataset, config, null) : null
  onTestFinished(() => feed?.pool.close())
  const network = modelBuilders['resnet20-cifar'](3, 1)
  const context = stepContext(network, dataset, config, 3)
  const source = createBatchSource(runtime, dataset, config, 9, { feed })
  for (const [step, count] of [
    [0, 4],
    [2, 16],
    [5, 1],
  ] as const) {
    const batch = await source.batch(step, 0)
    const compiled = compileFunction('input', batchSpecs(context, batch.size, batch.input), (...inputs) => {
      const { x, targets } = stepInput(context, inputs as unknown as BatchTensors)
      return [x, targets] as tf.Tensor[]
    })
    const outputs = compiled.run(batch.ids.slice(0, 3))
    const [fed, fedTargets] = outputs.map(({ id }) => new Float32Array(runtime.readTensor(id).bytes))
    for (const { id } of outputs) runtime.deleteTensor(id)
    source.release(batch)
    compiled.dispose()
    if (!fed || !fedTargets) throw new Error('nothing was fed')

    const shown = await preparedStep(dataset, config, 9, step, { count, feed })
    const n = shown.indices.length
    expect(n).toBe(Math.min(count, batch.size))
    expect(shown.input).toEqual(batch.input)
    const { splits } = config.augment
    const length = shown.inputs.length / n / splits
    expect(length).toBe(fed.length / batch.size / splits)
    for (let split = 0; split < splits; split++) {
      const from = split * batch.size * length
      const ours = shown.inputs.subarray(split * n * length, (split + 1) * n * length)
      expect(ours).toEqual(fed.subarray(from, from + n * length))
    }
    expect(shown.targets.length).toBe(n * 3)
    for (const [i, value] of shown.targets.entries()) {
      expect(Math.abs(value - (fedTargets[i] ?? Number.NaN))).toBeLessThan(1e-6)
    }
  }
  context.optimizer.dispose()
  network.parameters.dispose()
})
