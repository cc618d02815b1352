// The only description of a run. Form, CLI flags, help, validation, stored config, "changed from recipe" marks and the
// docs table are all derived from this schema.
import { z } from 'zod'
import { modelNames } from './registry/models.ts'
import { flips, namesOf, optimizers, schedules, testAugmentations } from './registry/training.ts'

export type FieldLevel = 'basic' | 'advanced'

/** What a field says of itself beside its type and limits. */
export type FieldMeta = {
  label: string
  help: string
  unit?: string
  level: FieldLevel
  /** How the form's steppers move: add a step, or multiply by a factor. */
  step?: { add: number } | { times: number }
}

const meta = (label: string, help: string, more: Partial<FieldMeta> = {}): FieldMeta => ({
  label,
  help,
  level: 'basic',
  ...more,
})
const advanced = { level: 'advanced' } as const

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

const train = z.strictObject({
  lengthUnit: z
    .enum(['epochs', 'steps'])
    .default('epochs')
    .meta(meta('Length in', 'Whether length, warm-up and milestones count epochs or steps.', advanced)),
  length: z
    .number()
    .positive()
    .max(10_000_000)
    .default(10)
    .meta(meta('Length', 'How long to train; may be a fraction of an epoch.', { step: { times: 2 } })),
  batchSize: z
    .int()
    .min(1)
    .max(65_536)
    .default(128)
    .meta(meta('Batch size', 'Pictures per step.', { unit: 'pictures', step: { times: 2 } })),
  dropLast: z
    .boolean()
    .default(true)
    .meta(meta('Drop the last batch', 'Leave out the incomplete batch at the end of an epoch.', advanced)),
  labelSmoothing: z
    .number()
    .min(0)
    .max(0.99)
    .default(0)
    .meta(
      meta('Label smoothing', 'Share of the target spread over all classes, as in PyTorch.', { step: { add: 0.05 } }),
    ),
})

const optimizer = z.strictObject({
  name: z.enum(namesOf(optimizers)).default('sgd').meta(meta('Optimiser', 'How gradients become steps.')),
  lr: z
    .number()
    .min(0)
    .max(1000)
    .default(0.1)
    .meta(meta('Learning rate', 'Base rate for a loss averaged over the batch.', { step: { times: 10 } })),
  momentum: z
    .number()
    .min(0)
    .max(0.9999)
    .default(0.9)
    .meta(meta('Momentum', 'Share of the last step that is kept.', { step: { add: 0.05 } })),
  nesterov: z
    .boolean()
    .default(false)
    .meta(meta('Nesterov', 'Look ahead along the momentum before the step.', advanced)),
  weightDecay: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .meta(meta('Weight decay', "Added to the gradient, with PyTorch's meaning.", { step: { times: 10 } })),
  weightDecayScope: z
    .enum(['all', 'weights'])
    .default('all')
    .meta(meta('Decay applies to', 'All parameters, or only weights of convolutions and linear layers.', advanced)),
  normBiasLrScale: z
    .number()
    .positive()
    .max(10_000)
    .default(1)
    .meta(meta('Rate factor of norm biases', 'Multiplies their learning rate and divides their decay.', advanced)),
  lookaheadEvery: z
    .int()
    .min(0)
    .default(0)
    .meta(meta('Lookahead every', 'Steps between slow-weight updates; 0 is off.', { unit: 'steps', ...advanced })),
  lookaheadDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.95)
    .meta(meta('Lookahead decay', 'Slow weights keep decay^every, growing with the cube of progress.', advanced)),
})

const schedule = z.strictObject({
  name: z.enum(namesOf(schedules)).default('cosine').meta(meta('Schedule', 'How the learning rate moves.')),
  warmup: z.number().min(0).default(0).meta(meta('Warm-up', 'Linear warm-up, in the unit of the length.')),
  warmupStart: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta(meta('Warm-up from', 'First rate as a fraction of the base rate.', advanced)),
  warmupConstant: z
    .boolean()
    .default(false)
    .meta(
      meta('Constant warm-up', 'Hold the first rate instead of rising, then jump (He et al., ResNet-110).', advanced),
    ),
  milestones: z
    .array(z.number().positive())
    .default([])
    .meta(meta('Drop at', 'Where multi-step multiplies by gamma, in the unit of the length.')),
  stepSize: z
    .number()
    .positive()
    .default(30)
    .meta(meta('Step size', 'Distance between drops of the step schedule.', advanced)),
  gamma: z
    .number()
    .positive()
    .max(1)
    .default(0.1)
    .meta(meta('Gamma', 'Factor of a drop.', advanced)),
  finalLr: z
    .number()
    .min(0)
    .default(0)
    .meta(meta('Final rate', 'Where cosine ends, as an absolute rate.', advanced)),
  start: z
    .number()
    .min(0)
    .max(1)
    .default(0.04)
    .meta(meta('Start fraction', 'First rate of one-cycle and triangular as a fraction of the peak.', advanced)),
  peak: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .meta(meta('Peak at', 'Where the peak of one-cycle and triangular lies, as a fraction of the length.', advanced)),
  end: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta(meta('End fraction', 'Last rate of one-cycle and triangular as a fraction of the peak.', advanced)),
  anneal: z
    .enum(['cos', 'linear'])
    .default('cos')
    .meta(meta('One-cycle shape', 'Cosine or straight lines.', advanced)),
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
