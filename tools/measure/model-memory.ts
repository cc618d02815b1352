// node tools/measure/model-memory.ts [MODEL...]: writes src-main/shared/registry/model-memory.ts, what a step of each model holds in
// memory, from its traced graph. With names, those models alone are traced anew.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PixelDataset } from '../../src-main/engine/data/dataset.ts'
import { modelBuilders } from '../../src-main/engine/nn/model-builders.ts'
import { startTensorFlow } from '../../src-main/engine/tensorflow/backend.ts'
import type { CompiledFunction } from '../../src-main/engine/tensorflow/compiled-function.ts'
import { findLibtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import { compileEvaluation } from '../../src-main/engine/train/evaluation-step.ts'
import { graphSize, liveBytes } from '../../src-main/engine/train/memory/memory-estimate.ts'
import { disposeStepContext, stepContext } from '../../src-main/engine/train/step-context.ts'
import { createStepVariants } from '../../src-main/engine/train/step-variants.ts'
import { createTestSource } from '../../src-main/engine/train/test-source.ts'
import { appFolder } from '../../src-main/launch/resources.ts'
import { parseRunConfig } from '../../src-main/shared/config-fields.ts'
import { type ModelMemory, modelMemory } from '../../src-main/shared/registry/model-memory.ts'
import { type ModelName, modelNames, models } from '../../src-main/shared/registry/models.ts'

const optimizer = { name: 'sgd', momentum: 0.9, weightDecay: 1e-4 } as const
const smallSide = 64

/** Large enough that activations and not the updates decide. */
const batchOf = (side: number) => (side <= smallSide ? 256 : 32)

/** Nothing is read from it: tracing needs shapes alone. */
function emptyDataset(input: readonly [number, number, number], classes: number): PixelDataset {
  const set = { images: new Uint8Array(), labels: new Uint8Array(), count: 0 }
  const names = Array.from({ length: classes }, (_, index) => String(index))
  const counts = { train: 0, test: 0, classes: names, skipped: [], benchmark: false, fingerprint: '' }
  const summary = { id: 'empty', label: 'Empty', ...counts }
  return {
    storage: 'pixels',
    summary,
    shape: [...input],
    mean: [0.5, 0.5, 0.5],
    std: [0.2, 0.2, 0.2],
    train: set,
    test: set,
  }
}

function measure(name: ModelName): ModelMemory {
  const { input, classes } = models[name]
  const dataset = emptyDataset(input, classes)
  const size = batchOf(input[0])
  const trace = (checkpointing: boolean) => {
    const config = parseRunConfig({
      model: { name },
      optimizer,
      input: { normalization: 'channel' },
      compute: { precision: 'fp32', checkpointing },
    })
    const network = modelBuilders[name](classes, 1, { initialise: false, resolution: input[0] })
    const context = stepContext(network, dataset, config, classes)
    const variants = createStepVariants(context)
    const step = variants.compiled({ size, input: [input[0], input[1]] }, 0)
    const evaluation = compileEvaluation(context, createTestSource(dataset, config, 'none'), 'none', size)
    // Of what does not grow with the batch, gradients are nearly all.
    const each = (of: CompiledFunction, gradients: number, half = false) =>
      rounded(Math.max(0, liveBytes(of, half, false) - gradients) / size)
    const gradients = network.parameters.trainableCount * Float32Array.BYTES_PER_ELEMENT
    const traced = {
      graph: graphSize([step, evaluation]),
      tensors: network.parameters.all.filter(({ trainable }) => trainable).length,
      step: each(step, gradients),
      half: each(step, gradients, true),
      evaluation: each(evaluation, 0),
    }
    variants.dispose()
    evaluation.dispose()
    disposeStepContext(context)
    return traced
  }
  const plain = trace(false)
  const { operations, kernels, fused } = plain.graph
  const { step, half } = trace(true)
  return {
    graph: [operations, kernels, fused],
    tensors: plain.tensors,
    fp32: [plain.step, step],
    half: [plain.half, half],
    evaluation: plain.evaluation,
  }
}

/** To three digits. */
const rounded = (bytes: number) => Number(bytes.toPrecision(3))

const heading = `// What a training step of each model holds in memory, counted from its traced graph: at its own input and with its classes, SGD with
// momentum. Written by tools/measure/model-memory.ts; a test holds it against the graph.
import type { ModelName } from './models.ts'

/** Bytes of each picture of a batch, beside the gradients. */
type PerPicture = readonly [plain: number, checkpointed: number]

export interface ModelMemory {
  /** Operations, oneDNN kernels and XLA functions of a step and an evaluation, see shared/process-memory.ts. */
  graph: readonly [operations: number, kernels: number, fused: number]
  /** Trainable tensors. */
  tensors: number
  fp32: PerPicture
  /** With bfloat16 or float16. */
  half: PerPicture
  evaluation: number
}

`

const asked = process.argv.slice(2) as ModelName[]
await startTensorFlow((await findLibtensorflow()).folder)
const table: Record<string, ModelMemory> = { ...modelMemory }
const file = join(appFolder(), 'src-main', 'shared', 'registry', 'model-memory.ts')
for (const name of asked.length > 0 ? asked : modelNames) {
  table[name] = measure(name)
  process.stdout.write(`${name}\n`)
  // After each, so that what was traced is there when a later one fails.
  const rows = modelNames.flatMap((of) => (table[of] ? [`  '${of}': ${JSON.stringify(table[of])},`] : []))
  writeFileSync(
    file,
    `${heading}export const modelMemory: { readonly [name in ModelName]?: ModelMemory } = {\n${rows.join('\n')}\n}\n`,
  )
}
spawnSync('npx', ['biome', 'check', '--write', file], { stdio: 'inherit' })
process.exit(0)
