// Optimizers, schedules and augmentation choices by name, with the words that forms and help show.

export interface ChoiceRecord {
  label: string
  help: string
  paper?: string
}

export const optimizers = {
  sgd: { label: 'SGD', help: 'Momentum in PyTorch form: v = m v + g + wd p; p = p - lr v. Nesterov by choice.' },
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

export const flips = {
  none: { label: 'None', help: 'Pictures are never mirrored.' },
  random: { label: 'Random', help: 'Each picture is mirrored with probability one half.' },
  alternating: {
    label: 'Alternating',
    help: 'Random in the first epoch, then all pictures flip every other epoch.',
    paper: 'Jordan 2024',
  },
} as const satisfies Record<string, ChoiceRecord>

export const testAugmentations = {
  none: { label: 'One view', help: 'The picture as it is.' },
  mirror: { label: 'Mirror', help: 'Mean of the logits of the picture and its mirror image.' },
  'mirror-translate': {
    label: 'Mirror and shift',
    help: 'Six views: left-right times none and two one-pixel diagonal shifts.',
    paper: 'Jordan 2024',
  },
} as const satisfies Record<string, ChoiceRecord>

export type ScheduleName = keyof typeof schedules
export type TestAugmentationName = keyof typeof testAugmentations

/** Keys of a registry as the non-empty tuple that zod's enum wants. */
export function namesOf<K extends string>(registry: Record<K, unknown>): [K, ...K[]] {
  return Object.keys(registry) as [K, ...K[]]
}
