// The only description of a run. Form, CLI flags, help, validation, stored config, "changed from recipe" marks and the
// docs table are all derived from this schema.
import { z } from 'zod'
import { augment } from './augment-section.ts'
import { evaluation } from './evaluation-section.ts'
import { advanced, meta } from './field-meta.ts'
import { input } from './input-section.ts'
import { norm } from './norm-section.ts'
import { modelNames } from './registry/models.ts'
import { saving } from './saving-section.ts'
import { optimizer, schedule, train } from './training-sections.ts'

const data = z.strictObject({
  dataset: z.string().min(1).default('cifar10').meta(meta('Data set', 'Id of a data set on this machine.')),
  judgeOn: z
    .enum(['test', 'val'])
    .default('test')
    .meta(meta('Judged on', 'The test pictures, or those held out of training: for choosing settings.', advanced)),
  brokenPictures: z
    .enum(['refuse', 'skip', 'replace'])
    .default('replace')
    .meta(
      meta(
        'Broken pictures',
        'Of those that a check found: refuse to start, or leave them out. Any other is replaced by the next one of its class.',
        advanced,
      ),
    ),
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
  cache: z
    .enum(['auto', 'memory', 'disk', 'none'])
    .default('auto')
    .meta(
      meta(
        'Decoded pictures',
        'Pictures in files are decoded once into memory or a file, or anew each time; auto goes by their size.',
        advanced,
      ),
    ),
  shortSide: z
    .int()
    .min(0)
    .max(2048)
    .default(0)
    .meta(
      meta(
        'Resize when read',
        'Shorter side to which larger pictures are resized once, before all else; 0 keeps them.',
        {
          unit: 'px',
          ...advanced,
        },
      ),
    ),
})

const model = z.strictObject({
  name: z
    .enum(modelNames as [string, ...string[]])
    .default('resnet20-cifar')
    .meta(meta('Architecture', 'The network, as its paper defines it.')),
  dropout: z
    .number()
    .min(-1)
    .max(0.99)
    .default(-1)
    .meta(meta('Dropout', "Rate of dropout; -1 takes the architecture's own.", { step: { add: 0.05 }, ...advanced })),
  dropPath: z
    .number()
    .min(-1)
    .max(0.99)
    .default(-1)
    .meta(
      meta('Stochastic depth', "Rate at the last block; -1 takes the architecture's own.", {
        step: { add: 0.05 },
        ...advanced,
      }),
    ),
  zeroInit: z
    .boolean()
    .default(false)
    .meta(meta('Zero last gamma', 'Every block of a ResNet starts as the identity (Goyal et al. 2017).', advanced)),
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
  checkpointing: z
    .boolean()
    .default(false)
    .meta(
      meta(
        'Gradient checkpointing',
        'Blocks compute their values again in the backward pass: less memory, about a third more time.',
        advanced,
      ),
    ),
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
  norm,
  train,
  optimizer,
  schedule,
  augment,
  evaluation,
  seeds,
  verdict,
  compute,
  saving,
} as const
export type ConfigSection = keyof typeof configSections

export const runConfigSchema = z.strictObject({
  data: data.prefault({}),
  input: input.prefault({}),
  model: model.prefault({}),
  norm: norm.prefault({}),
  train: train.prefault({}),
  optimizer: optimizer.prefault({}),
  schedule: schedule.prefault({}),
  augment: augment.prefault({}),
  evaluation: evaluation.prefault({}),
  seeds: seeds.prefault({}),
  verdict: verdict.prefault({}),
  compute: compute.prefault({}),
  saving: saving.prefault({}),
})

export type RunConfig = z.output<typeof runConfigSchema>
/** What a recipe or a user writes: a config or a part of one. */
export type RunConfigInput = z.input<typeof runConfigSchema>
