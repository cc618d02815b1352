// Optimizers, schedules and losses by name, with the words that forms and help show.

import type { ChoiceRecord } from './choice-record.ts'

export const optimizers = {
  sgd: { label: 'SGD', help: 'Momentum in PyTorch form: v = m v + g + wd p; p = p - lr v. Nesterov by choice.' },
  adam: {
    label: 'Adam',
    help: "PyTorch's Adam; weight decay is added to the gradient.",
    paper: 'Kingma and Ba 2014',
  },
  adamw: {
    label: 'AdamW',
    help: 'Adam with weight decay apart from the gradient, times the learning rate.',
    paper: 'Loshchilov and Hutter 2017',
  },
  rmsprop: {
    label: 'RMSprop (PyTorch)',
    help: 'Epsilon outside the root, learning rate outside the momentum.',
    paper: 'Hinton 2012',
  },
  'rmsprop-tf': {
    label: 'RMSprop (TensorFlow)',
    help: 'Epsilon inside the root, mean square from 1 on, learning rate inside the momentum, as EfficientNet uses it.',
    paper: 'Hinton 2012',
  },
  lamb: {
    label: 'LAMB',
    help: "timm's LAMB: gradients clipped to a norm of 1, a trust ratio for what decays.",
    paper: 'You et al. 2019',
  },
  lars: {
    label: 'LARS',
    help: "timm's LARS: SGD with a trust ratio for what decays.",
    paper: 'You et al. 2017',
  },
  lion: { label: 'Lion', help: 'Sign of the averaged gradient; decoupled weight decay.', paper: 'Chen et al. 2023' },
  muon: {
    label: 'Muon',
    help: 'Orthogonalised momentum for kernels, AdamW for the rest.',
    paper: 'Jordan et al. 2024',
  },
} as const satisfies Record<string, ChoiceRecord>

export const schedules = {
  constant: { label: 'Constant', help: 'The base learning rate throughout.' },
  step: { label: 'Step', help: 'Multiply by gamma every stepSize.' },
  'multi-step': { label: 'Multi-step', help: 'Multiply by gamma at each milestone.' },
  cosine: {
    label: 'Cosine',
    help: 'Half a cosine from the base rate to the final rate.',
    paper: 'Loshchilov and Hutter 2016',
  },
  poly: { label: 'Polynomial', help: 'A power of what is left, from the base rate to the final rate.' },
  exponential: { label: 'Exponential', help: 'Multiply by gamma every stepSize, in stairs or smoothly.' },
  plateau: {
    label: 'Plateau',
    help: "Multiply by gamma when the training loss stops falling, as PyTorch's ReduceLROnPlateau.",
  },
  'one-cycle': {
    label: 'One-cycle',
    help: "Up, then down, in PyTorch's form (OneCycleLR).",
    paper: 'Smith and Topin 2017',
  },
  triangular: {
    label: 'Triangular',
    help: 'Linear from a start fraction up to the peak, then down to an end fraction.',
    paper: 'Jordan 2024',
  },
} as const satisfies Record<string, ChoiceRecord>

export const losses = {
  'cross-entropy': { label: 'Cross entropy', help: 'Softmax cross entropy; takes soft targets.' },
  bce: {
    label: 'Binary cross entropy',
    help: "One yes-or-no question per class, as timm's BinaryCrossEntropy.",
    paper: 'Wightman et al. 2021',
  },
  jsd: {
    label: 'JSD',
    help: 'Cross entropy of the first view and the divergence of all views of a picture.',
    paper: 'Hendrycks et al. 2019',
  },
} as const satisfies Record<string, ChoiceRecord>

export type OptimizerName = keyof typeof optimizers
export type LossName = keyof typeof losses
export type ScheduleName = keyof typeof schedules
