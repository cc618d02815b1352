// Real steps of small networks on made-up pictures, with every variable they could change.
import { hash } from 'node:crypto'
import { type RunConfigInput, runConfigSchema } from '../../shared/run-config.ts'
import type { PictureShape, PixelDataset } from '../data/dataset.ts'
import { philox4x32 } from '../data/philox.ts'
import type { Network } from '../nn/parameters.ts'
import { tensorFlowBackend } from '../tensorflow/backend.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { readVariableValues, type Variable, writeVariable } from '../tensorflow/variables.ts'
import type { Batch } from './batch-source.ts'
import { disposeStepContext, stepContext } from './step-context.ts'
import { createStepVariants } from './step-variants.ts'
import type { BatchPart } from './training-step.ts'

const drawsPerPicture = 5

export interface StepsForTests {
  network: Network
  size: number
  shape?: PictureShape
  classes?: number
  config?: RunConfigInput
}

/** The steps of a network; `size` pictures make a batch. */
export function stepsForTests({ network, size, shape = [32, 32, 3], classes = 4, config = {} }: StepsForTests) {
  const { runtime } = tensorFlowBackend()
  const channels = shape[2]
  const pixels = size * shape[0] * shape[1] * channels
  const dataset: PixelDataset = {
    storage: 'pixels',
    summary: {
      id: 'made-up',
      label: 'Made up',
      train: size,
      test: size,
      classes: Array.from({ length: classes }, (_, i) => String(i)),
      fingerprint: 'made up',
      benchmark: false,
      skipped: [],
    },
    shape,
    mean: Array(channels).fill(0.5),
    std: Array(channels).fill(0.25),
    train: { images: new Uint8Array(pixels), labels: new Uint8Array(size), count: size },
    test: { images: new Uint8Array(pixels), labels: new Uint8Array(size), count: size },
  }
  const context = stepContext(network, dataset, runConfigSchema.parse(config), classes)
  const variants = createStepVariants({ ...context, input: [shape[0], shape[1]] })
  const variable = (name: string): Variable => {
    const found = network.parameters.all.find((parameter) => parameter.name === name)
    if (!found) throw new Error(`no parameter ${name}`)
    return found.variable
  }
  return {
    context: { ...context, input: [shape[0], shape[1]] as const },
    variants,
    trainable: variants.trainableAt(0),
    /** Pictures of noise, another for each `stream`; the caller releases them. */
    batch(stream = 1): Batch {
      const images = noise(stream, pixels)
      return {
        size,
        input: [shape[0], shape[1]],
        ids: [
          runtime.createTensor([size, ...shape], DType.uint8, images),
          runtime.createTensor(
            [size],
            DType.int32,
            Int32Array.from({ length: size }, (_, i) => i % classes),
          ),
          runtime.createTensor([size, drawsPerPicture], DType.int32, new Int32Array(size * drawsPerPicture)),
          runtime.createTensor([], DType.int32, Int32Array.of(stream)),
        ],
      }
    },
    release: (batch: Batch) => batch.ids.forEach((id) => void runtime.deleteTensor(id)),
    async step(lr: number, stream = 1, part?: BatchPart) {
      const batch = this.batch(stream)
      try {
        return await variants.run(runtime, batch, lr, 0, part)
      } finally {
        this.release(batch)
      }
    },
    /** Multiplies a parameter's values. */
    scale: (name: string, factor: number) =>
      writeVariable(
        variable(name),
        readVariableValues(variable(name)).map((value) => value * factor),
      ),
    /** Sets one value of a parameter. */
    set(name: string, value: number) {
      const values = readVariableValues(variable(name))
      values[0] = value
      writeVariable(variable(name), values)
    },
    /** Hashes of parameters, running statistics and the state of the optimizer, by name. */
    state(): Record<string, string> {
      const variables = network.parameters.all.map((p) => [p.name, p.variable] as const)
      const slots = [...context.optimizer.slots].map(([name, slot]) => [`optimizer.${name}`, slot] as const)
      return Object.fromEntries(
        [...variables, ...slots].map(([name, variable]) => [name, hash('sha256', readVariableValues(variable))]),
      )
    },
    values: (name: string) => readVariableValues(variable(name)),
    dispose() {
      variants.dispose()
      disposeStepContext(context)
    },
  }
}

function noise(stream: number, count: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(count / 16) * 4)
  for (let at = 0; at < words.length; at += 4) philox4x32([at, 0, 0, 0], [stream, 0], words.subarray(at, at + 4))
  return new Uint8Array(words.buffer, 0, count)
}
