// How a run trains: the sections train, optimizer and schedule of its config.
import { z } from 'zod'
import { advanced, meta } from './field-meta.ts'
import { namesOf } from './registry/choice-record.ts'
import { losses, optimizers, schedules } from './registry/training.ts'

export const train = z.strictObject({
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
  loss: z
    .enum(namesOf(losses))
    .default('cross-entropy')
    .meta(meta('Loss', 'What the training makes small.', advanced)),
  bceThreshold: z
    .number()
    .min(0)
    .max(0.99)
    .default(0)
    .meta(meta('Target threshold', 'Targets above it count as 1, the others as 0; 0 keeps them soft.', advanced)),
  bceSum: z
    .boolean()
    .default(false)
    .meta(meta('Sum over classes', 'Sum the binary losses over the classes instead of taking their mean.', advanced)),
  jsdAlpha: z
    .number()
    .min(0)
    .max(1000)
    .default(12)
    .meta(meta('JSD weight', 'Of the divergence between the views of a picture, beside cross entropy.', advanced)),
  accumulate: z
    .int()
    .min(1)
    .max(4096)
    .default(1)
    .meta(
      meta('Batches per step', 'Gradients of so many batches are averaged before a step.', {
        unit: 'batches',
        ...advanced,
      }),
    ),
  onNotFinite: z
    .enum(['stop', 'lower-rate'])
    .default('stop')
    .meta(
      meta(
        'When a value is not finite',
        'Stop before the weights take it, or go back to the last saved state and go on at half the rate.',
        advanced,
      ),
    ),
  earlyStop: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .meta(
      meta(
        'Stop early after',
        'Evaluations without a better top-1; 0 never stops early. Judge on held-out pictures then.',
        {
          unit: 'evaluations',
          ...advanced,
        },
      ),
    ),
  ema: z
    .enum(['none', 'timm', 'torchvision'])
    .default('none')
    .meta(meta('Weight average', 'Judge a moving average of weights and statistics instead.', advanced)),
  emaDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.9999)
    .meta(
      meta(
        'Average decay',
        'Share kept at an update. The torchvision form adjusts it for batch size, interval and epochs.',
        advanced,
      ),
    ),
  emaEvery: z
    .int()
    .min(1)
    .max(100_000)
    .default(32)
    .meta(meta('Average every', 'Steps between updates of the torchvision form.', { unit: 'steps', ...advanced })),
  emaWarmup: z
    .boolean()
    .default(false)
    .meta(meta('Average warm-up', 'The timm form starts with a small decay: 1 - (1 + step)^(-2/3).', advanced)),
})

export const optimizer = z.strictObject({
  name: z.enum(namesOf(optimizers)).default('sgd').meta(meta('Optimiser', 'How gradients become steps.')),
  lr: z
    .number()
    .min(0)
    .max(1000)
    .default(0.1)
    .meta(meta('Learning rate', 'Base rate for a loss averaged over the batch.', { step: { times: 10 } })),
  lrScaling: z
    .enum(['none', 'linear', 'sqrt'])
    .default('none')
    .meta(meta('Rate scaling', 'How the base rate grows with the pictures per step.', advanced)),
  lrBaseBatch: z
    .int()
    .min(1)
    .default(256)
    .meta(meta('Scaling base', 'Pictures per step at which the base rate holds.', { unit: 'pictures', ...advanced })),
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
  beta1: z
    .number()
    .min(0)
    .max(0.999999)
    .default(0.9)
    .meta(meta('Beta 1', 'Share of the averaged gradient that Adam, LAMB and Lion keep.', advanced)),
  beta2: z
    .number()
    .min(0)
    .max(0.999999)
    .default(0.999)
    .meta(meta('Beta 2', 'Share of the averaged square that Adam and LAMB keep; of the momentum, in Lion.', advanced)),
  alpha: z
    .number()
    .min(0)
    .max(0.999999)
    .default(0.99)
    .meta(meta('Alpha', 'Share of the averaged square that RMSprop keeps.', advanced)),
  epsilon: z
    .number()
    .positive()
    .max(1)
    .default(1e-8)
    .meta(meta('Epsilon', 'Keeps divisions finite; the reference of each optimiser has its own value.', advanced)),
  trustCoefficient: z
    .number()
    .positive()
    .max(1)
    .default(0.001)
    .meta(meta('Trust coefficient', 'Factor of the trust ratio of LARS.', advanced)),
  muonRate: z
    .enum(['original', 'match-rms-adamw'])
    .default('original')
    .meta(
      meta('Muon rate', "Jordan's factor for a kernel's shape, or one that makes steps as large as AdamW's.", advanced),
    ),
  otherLrScale: z
    .number()
    .positive()
    .max(10_000)
    .default(1)
    .meta(meta('Rate factor of the rest', 'Rate of the parameters that Muon leaves to AdamW.', advanced)),
  weightDecay: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .meta(
      meta('Weight decay', 'Added to the gradient; times the rate and apart from it in AdamW, Lion and Muon.', {
        step: { times: 10 },
      }),
    ),
  weightDecayScope: z
    .enum(['all', 'no-norm', 'weights', 'kernels'])
    .default('all')
    .meta(
      meta(
        'Decay applies to',
        'All; all but norms; no bias, norm or vector (timm); kernels of convolutions and linear layers alone.',
        advanced,
      ),
    ),
  clip: z
    .enum(['none', 'norm', 'value', 'agc'])
    .default('none')
    .meta(meta('Clip gradients', 'By the norm of all, by value, or by the norm of each unit (AGC).', advanced)),
  clipThreshold: z
    .number()
    .positive()
    .default(1)
    .meta(meta('Clip at', 'Largest norm or value; for AGC the share of the norm of the weights.', advanced)),
  normBiasLrScale: z
    .number()
    .positive()
    .max(10_000)
    .default(1)
    .meta(meta('Rate factor of norm biases', 'Multiplies their learning rate and divides their decay.', advanced)),
  layerDecay: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .meta(
      meta('Layer-wise rate decay', "Factor of the rate from each block to the one before it (timm's); 1 is off.", {
        step: { add: 0.05 },
        ...advanced,
      }),
    ),
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

export const schedule = z.strictObject({
  name: z.enum(namesOf(schedules)).default('cosine').meta(meta('Schedule', 'How the learning rate moves.')),
  warmup: z.number().min(0).default(0).meta(meta('Warm-up', 'Linear warm-up, in the unit of the length.')),
  warmupStart: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta(meta('Warm-up from', 'First rate, as a fraction of the base rate or as a rate.', advanced)),
  warmupStartIn: z
    .enum(['fraction', 'rate'])
    .default('fraction')
    .meta(meta('Warm-up from is', 'A fraction of the base rate (PyTorch), or a rate (timm).', advanced)),
  warmupInside: z
    .boolean()
    .default(false)
    .meta(
      meta(
        'Warm-up hides the start',
        'Cosine, polynomial and exponential run from the first step (timm), not from the end of the warm-up.',
        advanced,
      ),
    ),
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
    .meta(meta('Step size', 'Distance between drops of the step and exponential schedules.', advanced)),
  gamma: z
    .number()
    .positive()
    .max(1)
    .default(0.1)
    .meta(meta('Gamma', 'Factor of a drop.', advanced)),
  staircase: z
    .boolean()
    .default(true)
    .meta(meta('Staircase', 'The exponential schedule drops every step size instead of falling smoothly.', advanced)),
  power: z
    .number()
    .positive()
    .max(10)
    .default(1)
    .meta(meta('Power', 'Of the polynomial schedule.', advanced)),
  patience: z
    .int()
    .min(0)
    .default(10)
    .meta(meta('Patience', 'Epochs without a lower loss before plateau drops.', { unit: 'epochs', ...advanced })),
  finalLr: z
    .number()
    .min(0)
    .default(0)
    .meta(meta('Final rate', 'Where cosine, polynomial and plateau end, as an absolute rate.', advanced)),
  cooldown: z
    .number()
    .min(0)
    .default(0)
    .meta(meta('Cooldown', 'End of the training at the final rate, in the unit of the length.', advanced)),
  updates: z
    .enum(['step', 'epoch'])
    .default('step')
    .meta(meta('Rate moves', 'At every step, or at every epoch as in timm and torchvision.', advanced)),
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
