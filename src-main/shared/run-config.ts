// The only description of a run. Form, CLI flags, help, validation, stored config, "changed from recipe" marks and the
// docs table are all derived from this schema.
import { z } from 'zod'
import { advanced, meta } from './field-meta.ts'
import { modelNames } from './registry/models.ts'
import { flips, namesOf, testAugmentations } from './registry/training.ts'
import { optimizer, schedule, train } from './training-sections.ts'

const data = z.strictObject({
  dataset: z.string().min(1).default('cifar10').meta(meta('Data set', 'Id of a data set on this machine.')),
  brokenPictures: z
    .enum(['refuse', 'skip'])
    .default('refuse')
    .meta(meta('Broken pictures', 'Refuse to start, or train without them and say so in the verdict.', advanced)),
  limitTrain: z
    .int()
    .min(0)
    .default(0)
    .meta(meta('Training pictures used', 'Only the first so many; 0 uses all.', { unit: 'pictures', ...advanced })),
  limitTest: z
    .int()
    .min(0)
    .default(0)
    .meta(meta('Test pictures used', 'Only the first so many; 0 uses all.', { unit: 'pictures', ...advanced })),
})

const model = z.strictObject({
  name: z
    .enum(modelNames as [string, ...string[]])
    .default('resnet20-cifar')
    .meta(meta('Architecture', 'The network, as its paper defines it.')),
})

const augment = z.strictObject({
  pad: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .meta(
      meta('Pad and crop', 'Pad each side, then crop the original size at random; 0 is off.', {
        unit: 'px',
        step: { add: 1 },
      }),
    ),
  padMode: z
    .enum(['zero', 'reflect'])
    .default('zero')
    .meta(meta('Padding', 'Zeros (after normalisation) or the mirrored border.', advanced)),
  flip: z.enum(namesOf(flips)).default('none').meta(meta('Flip', 'Left-right mirroring.')),
  cutout: z
    .int()
    .min(0)
    .max(512)
    .default(0)
    .meta(
      meta('Cutout', 'Side of a square set to zero at a random place; 0 is off.', { unit: 'px', step: { add: 2 } }),
    ),
})

const input = z.strictObject({
  normalization: z
    .enum(['channel', 'pixel-mean', 'lenet', 'unit'])
    .default('channel')
    .meta(meta('Normalisation', "Channel mean and std; per-pixel mean only; LeNet's -0.1 to 1.175; or 0 to 1.")),
  mean: z
    .array(z.number())
    .max(4)
    .default([])
    .meta(meta('Channel mean', "On 0 to 1 pixels; empty takes the data set's.", advanced)),
  std: z
    .array(z.number().positive())
    .max(4)
    .default([])
    .meta(meta('Channel std', "On 0 to 1 pixels; empty takes the data set's.", advanced)),
})

const evaluation = z.strictObject({
  every: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .meta(
      meta('Evaluate every', 'Test accuracy is measured after so many epochs, and at the end.', {
        unit: 'epochs',
        ...advanced,
      }),
    ),
  batchSize: z
    .int()
    .min(1)
    .max(10_000)
    .default(500)
    .meta(meta('Evaluation batch', 'Has no effect on the figure.', { unit: 'pictures', ...advanced })),
  testAugmentation: z
    .enum(namesOf(testAugmentations))
    .default('none')
    .meta(meta('Test views', 'What the final figure is averaged over.')),
  checkpoint: z
    .enum(['last', 'best'])
    .default('last')
    .meta(meta('Checkpoint judged', 'The last epoch, or the best test epoch (optimistic).')),
})

const seeds = z.strictObject({
  count: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .meta(meta('Seeds', 'How often to train, each with its own seed.', { unit: 'runs', step: { add: 1 } })),
  first: z
    .int()
    .min(1)
    .max(2_000_000_000)
    .default(1)
    .meta(meta('First seed', 'The others follow it.', advanced)),
})

const verdict = z.strictObject({
  tolerance: z
    .number()
    .min(0)
    .max(1)
    .default(0.003)
    .meta(meta('Tolerance', "Half the band around the paper's figure, as a fraction of 1.", { step: { add: 0.0005 } })),
})

const compute = z.strictObject({
  device: z
    .string()
    .regex(/^(auto|cpu|gpu:\d+)$/, 'auto, cpu, or gpu:N')
    .default('auto')
    .meta(meta('Device', 'auto takes the first GPU that can train, else the CPU.')),
  precision: z
    .enum(['fp32', 'bf16', 'fp16'])
    .default('fp32')
    .meta(meta('Precision', 'bf16 on CPUs, fp16 with loss scaling on GPUs; norms, loss and optimiser stay fp32.')),
  threads: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .meta(meta('Threads', '0 uses all cores.', advanced)),
})

/** Sections in the order of the form. */
export const configSections = {
  data,
  input,
  model,
  train,
  optimizer,
  schedule,
  augment,
  evaluation,
  seeds,
  verdict,
  compute,
} as const
export type ConfigSection = keyof typeof configSections

export const runConfigSchema = z.strictObject({
  data: data.prefault({}),
  input: input.prefault({}),
  model: model.prefault({}),
  train: train.prefault({}),
  optimizer: optimizer.prefault({}),
  schedule: schedule.prefault({}),
  augment: augment.prefault({}),
  evaluation: evaluation.prefault({}),
  seeds: seeds.prefault({}),
  verdict: verdict.prefault({}),
  compute: compute.prefault({}),
})

export type RunConfig = z.output<typeof runConfigSchema>
/** What a recipe or a user writes: any part of a config. */
export type RunConfigInput = z.input<typeof runConfigSchema>
