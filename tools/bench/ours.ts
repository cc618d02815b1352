// Times training steps of the engine on one fixed batch of raw pictures; the counterpart of torch_step.py, with the same
// lines: {"ready": true, ...} when warm, then {"seconds": s} for every {"steps": n} on stdin.
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import type { PictureShape } from '../../src-main/engine/data/dataset.ts'
import { drawCount } from '../../src-main/engine/data/draws.ts'
import { modelBuilders } from '../../src-main/engine/nn/model-builders.ts'
import { startTensorFlow } from '../../src-main/engine/tensorflow/backend.ts'
import { DType } from '../../src-main/engine/tensorflow/dtypes.ts'
import { findLibtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import type { Batch } from '../../src-main/engine/train/batch-source.ts'
import { estimateMemory } from '../../src-main/engine/train/memory/memory-estimate.ts'
import { stepContext } from '../../src-main/engine/train/step-context.ts'
import { createStepVariants } from '../../src-main/engine/train/step-variants.ts'
import { withConfigValue } from '../../src-main/shared/config-fields.ts'
import { describeError, toErrorReport } from '../../src-main/shared/errors.ts'
import { models } from '../../src-main/shared/registry/models.ts'
import type { BenchNet, BenchPrecision } from './configurations.ts'
import { randomDataset } from './random-dataset.ts'
import { recipeConfig } from './recipe-config.ts'

const learningRate = 0.01

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: {
      net: { type: 'string' },
      precision: { type: 'string' },
      batch: { type: 'string' },
      'warm-up': { type: 'string', default: '3' },
      augment: { type: 'boolean', default: false },
      checkpointing: { type: 'boolean', default: false },
      predict: { type: 'boolean', default: false },
    },
  })
  const net = options.net as BenchNet
  const batch = Number(options.batch)

  const runtime = await startTensorFlow((await findLibtensorflow()).folder)
  const { input, classes } = models[net]
  const shape: PictureShape = [...input]
  const dataset = randomDataset(shape, batch, classes)
  const config = withConfigValue(
    recipeConfig(net, options.precision as BenchPrecision, options.augment),
    'compute.checkpointing',
    options.checkpointing,
  )
  const network = modelBuilders[net](classes, 1)
  const context = stepContext(network, dataset, config, classes)
  const variants = createStepVariants(context)
  const ids: Batch['ids'] = [
    runtime.createTensor([batch, ...shape], DType.uint8, dataset.train.images),
    runtime.createTensor([batch], DType.int32, Int32Array.from(dataset.train.labels)),
    runtime.createTensor([batch, drawCount], DType.int32, new Int32Array(batch * drawCount).fill(1)),
    runtime.createTensor([], DType.int32, Int32Array.of(1)),
  ]
  const inputs = { size: batch, input: [shape[0], shape[1]] as [number, number], ids }
  const step = () => variants.run(runtime, inputs, learningRate, 0)
  const variables = [...network.parameters.all.map(({ variable }) => variable), ...context.optimizer.slots.values()]
  const stateBytes = variables.reduce((sum, { size }) => sum + size * Float32Array.BYTES_PER_ELEMENT, 0)
  const conditions = {
    stateBytes,
    isSaved: false,
    dataBytes: dataset.train.images.byteLength,
    feedThreads: 0,
    gpu: false,
  }
  const predicted = options.predict
    ? { predictedBytes: estimateMemory(context, [variants.compiled(inputs, 0)], conditions) }
    : {}

  const peakBytes = () => process.resourceUsage().maxRSS * 1024
  const startBytes = peakBytes()
  for (let i = 0; i < Number(options['warm-up']); i += 1) await step()
  say({
    ready: true,
    threads: null,
    parameters: network.parameters.trainableCount,
    versions: { node: process.versions.node, tensorflow: runtime.version },
    startBytes,
    peakBytes: peakBytes(),
    ...predicted,
  })
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line) as { steps: number }
    const began = performance.now()
    for (let i = 0; i < steps; i += 1) await step()
    say({ seconds: (performance.now() - began) / 1000 })
  }
}

try {
  await main()
  // TensorFlow's threads must not outlive the library at a normal end.
  process.exit(0)
} catch (error) {
  process.stderr.write(`${describeError(toErrorReport(error))}\n`)
  process.exit(1)
}
