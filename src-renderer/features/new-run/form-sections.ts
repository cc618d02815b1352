// How the settings are grouped on the form, which of them a schedule or optimiser uses, and what a search finds.
import { type ConfigField, configFields, type FieldValue } from '../../../src-main/shared/config-fields.ts'
import type { ConfigSection } from '../../../src-main/shared/run-config.ts'

export const formSections = {
  data: ['data', 'input'],
  model: ['model', 'norm'],
  optimization: ['optimizer', 'train', 'schedule'],
  augmentation: ['augment'],
  evaluation: ['evaluation'],
  verdict: ['seeds', 'verdict'],
  compute: ['compute', 'saving'],
} as const satisfies Record<string, readonly ConfigSection[]>

export type FormSection = keyof typeof formSections
export const formSectionIds = Object.keys(formSections) as FormSection[]

/** Fields of a section of the form, in the order of the schema. */
export function fieldsOfSection(section: FormSection): ConfigField[] {
  const groups: readonly ConfigSection[] = formSections[section]
  return groups.flatMap((group) => configFields.filter((field) => field.section === group))
}

/** The section of the form that holds a key. */
export function sectionOf(key: string): FormSection | undefined {
  return formSectionIds.find((id) => fieldsOfSection(id).some((field) => field.key === key))
}

const warming = ['constant', 'step', 'multi-step', 'cosine', 'poly', 'exponential', 'plateau']
const schedulesOf: Record<string, readonly string[]> = {
  'schedule.warmup': warming,
  'schedule.warmupStart': warming,
  'schedule.warmupStartIn': warming,
  'schedule.warmupConstant': warming,
  'schedule.warmupInside': ['cosine', 'poly', 'exponential'],
  'schedule.milestones': ['multi-step'],
  'schedule.stepSize': ['step', 'exponential'],
  'schedule.gamma': ['step', 'multi-step', 'exponential', 'plateau'],
  'schedule.staircase': ['exponential'],
  'schedule.power': ['poly'],
  'schedule.patience': ['plateau'],
  'schedule.finalLr': ['cosine', 'poly', 'plateau'],
  'schedule.cooldown': ['cosine', 'poly'],
  'schedule.start': ['one-cycle', 'triangular'],
  'schedule.peak': ['one-cycle', 'triangular'],
  'schedule.end': ['one-cycle', 'triangular'],
  'schedule.anneal': ['one-cycle'],
}

const optimizersOf: Record<string, readonly string[]> = {
  'optimizer.momentum': ['sgd', 'rmsprop', 'rmsprop-tf', 'lars', 'muon'],
  'optimizer.nesterov': ['sgd', 'lars', 'muon'],
  'optimizer.beta1': ['adam', 'adamw', 'lamb', 'lion', 'muon'],
  'optimizer.beta2': ['adam', 'adamw', 'lamb', 'lion', 'muon'],
  'optimizer.alpha': ['rmsprop', 'rmsprop-tf'],
  'optimizer.epsilon': ['adam', 'adamw', 'rmsprop', 'rmsprop-tf', 'lamb', 'lars', 'muon'],
  'optimizer.trustCoefficient': ['lars'],
  'optimizer.muonRate': ['muon'],
  'optimizer.otherLrScale': ['muon'],
}

const torchvisionPolicies = ['trivial-wide', 'rand-torchvision', 'auto-imagenet', 'auto-cifar10', 'auto-svhn']
const timmPolicies = ['rand-timm', 'auto-timm-original', 'auto-timm-v0', 'augmix']
const policiesOf: Record<string, readonly string[]> = {
  'augment.policySpec': timmPolicies,
  'augment.policyOperations': ['rand-torchvision'],
  'augment.policyMagnitude': ['rand-torchvision'],
  'augment.policyInterpolation': [...torchvisionPolicies, ...timmPolicies],
}

const cropsOf: Record<string, readonly string[]> = {
  'augment.cropScale': ['random-resized'],
  'augment.cropRatio': ['random-resized'],
  'augment.cropShortSide': ['random-crop'],
  'augment.interpolation': ['random-resized', 'random-crop'],
}

/** Settings that count only where another one is above 0. */
const strengthOf: Record<string, readonly string[]> = {
  'augment.padMode': ['augment.pad'],
  'augment.erasingReference': ['augment.erasing'],
  'augment.erasingFill': ['augment.erasing'],
  'augment.erasingCount': ['augment.erasing'],
  'augment.mixProbability': ['augment.mixup', 'augment.cutmix'],
  'augment.mixReference': ['augment.mixup', 'augment.cutmix'],
  'input.growStart': ['input.growFrom'],
  'input.growEnd': ['input.growFrom'],
  'optimizer.lookaheadDecay': ['optimizer.lookaheadEvery'],
}

const averagesOf: Record<string, readonly string[]> = {
  'train.emaDecay': ['timm', 'torchvision'],
  'train.emaEvery': ['torchvision'],
  'train.emaWarmup': ['timm'],
}

/** False for settings that have no effect beside the others, such as milestones of a cosine schedule. */
export function fieldApplies(key: string, value: (key: string) => FieldValue): boolean {
  const schedules = schedulesOf[key]
  if (schedules) return schedules.includes(String(value('schedule.name')))
  const optimizers = optimizersOf[key]
  if (optimizers) return optimizers.includes(String(value('optimizer.name')))
  const averages = averagesOf[key]
  if (averages) return averages.includes(String(value('train.ema')))
  if (key === 'train.bceThreshold' || key === 'train.bceSum') return value('train.loss') === 'bce'
  if (key.startsWith('norm.') && key !== 'norm.freeze' && key !== 'norm.epsilon') return value('norm.freeze') === 'none'
  if (key === 'train.jsdAlpha' || key === 'augment.splits') return value('train.loss') === 'jsd'
  if (key === 'optimizer.lrBaseBatch') return value('optimizer.lrScaling') !== 'none'
  if (key === 'optimizer.clipThreshold') return value('optimizer.clip') !== 'none'
  const policies = policiesOf[key]
  if (policies) return policies.includes(String(value('augment.policy')))
  const crops = cropsOf[key]
  if (crops) return crops.includes(String(value('augment.crop')))
  const strengths = strengthOf[key]
  if (strengths) return strengths.some((strength) => Number(value(strength)) > 0)
  if (key === 'augment.mixSwitch') return ['augment.mixup', 'augment.cutmix'].every((mix) => Number(value(mix)) > 0)
  if (key === 'input.mean' || key === 'input.std') return value('input.normalization') === 'channel'
  return true
}

export interface FieldFilter {
  /** Section's advanced fields are open. */
  advanced: boolean
  onlyChanged: boolean
  search: string
}

/**
 * Whether the form shows a field. A search looks into advanced settings too; a changed field is always shown, so that
 * nothing a reader changed is hidden. `words` is what a search may match: label, help and key.
 */
export function fieldShown(
  field: ConfigField,
  filter: FieldFilter,
  state: { changed: boolean; applies: boolean; words: string },
): boolean {
  const search = filter.search.trim().toLowerCase()
  if (search !== '' && !state.words.toLowerCase().includes(search)) return false
  if (filter.onlyChanged) return state.changed
  if (state.changed) return true
  if (!state.applies) return false
  return search !== '' || filter.advanced || field.level === 'basic'
}

const lengthKeys: readonly string[] = [
  'train.length',
  'schedule.warmup',
  'schedule.milestones',
  'schedule.stepSize',
  'schedule.cooldown',
]

/** Unit of a field; those that count in the unit of the run's length take that of `value`. */
export function fieldUnit(field: ConfigField, value: (key: string) => FieldValue): string | undefined {
  return lengthKeys.includes(field.key) ? String(value('train.lengthUnit')) : field.unit
}
