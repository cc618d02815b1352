// Words of the run settings. English comes from the schema and the registries; Chinese stands in zh/config-texts.ts, and a
// test checks that it covers every field, choice and unit.
import type { ConfigField, FieldValue } from '../../src-main/shared/config-fields.ts'
import {
  augmentationPolicies,
  flips,
  interpolations,
  mixingReferences,
  testAugmentations,
  testGeometries,
  trainingCrops,
} from '../../src-main/shared/registry/augmentation.ts'
import type { ChoiceRecord } from '../../src-main/shared/registry/choice-record.ts'
import { models } from '../../src-main/shared/registry/models.ts'
import { losses, optimizers, schedules } from '../../src-main/shared/registry/training.ts'
import { useLanguage } from './i18n.ts'
import type { Language } from './numbers.ts'
import { choiceTexts, fieldTexts, unitTexts } from './zh/config-texts.ts'

const registries: Record<string, Record<string, { label: string } & Partial<ChoiceRecord>>> = {
  'model.name': models,
  'optimizer.name': optimizers,
  'schedule.name': schedules,
  'train.loss': losses,
  'augment.crop': trainingCrops,
  'augment.interpolation': interpolations,
  'augment.flip': flips,
  'augment.policy': augmentationPolicies,
  'augment.mixReference': mixingReferences,
  'evaluation.geometry': testGeometries,
  'evaluation.interpolation': interpolations,
  'evaluation.testAugmentation': testAugmentations,
}

const englishChoices: Record<string, string> = {
  'data.brokenPictures.refuse': 'Refuse to start',
  'data.brokenPictures.skip': 'Train without them',
  'data.brokenPictures.replace': 'Replace them',
  'data.judgeOn.test': 'Test pictures',
  'data.judgeOn.val': 'Pictures held out of training',
  'data.cache.auto': 'By their size',
  'data.cache.memory': 'In memory',
  'data.cache.disk': 'In a file',
  'data.cache.none': 'Anew each time',
  'norm.freeze.none': 'Off',
  'norm.freeze.statistics': 'Statistics',
  'norm.freeze.all': 'All',
  'train.lengthUnit.epochs': 'Epochs',
  'train.lengthUnit.steps': 'Steps',
  'train.ema.none': 'Off',
  'train.ema.timm': 'timm form',
  'train.ema.torchvision': 'torchvision form',
  'optimizer.lrScaling.none': 'None',
  'optimizer.lrScaling.linear': 'Linear',
  'optimizer.lrScaling.sqrt': 'Square root',
  'optimizer.muonRate.original': 'Original',
  'optimizer.muonRate.match-rms-adamw': 'As large as AdamW',
  'optimizer.clip.none': 'Off',
  'optimizer.clip.norm': 'By norm',
  'optimizer.clip.value': 'By value',
  'optimizer.clip.agc': 'Adaptive (AGC)',
  'optimizer.weightDecayScope.all': 'All parameters',
  'optimizer.weightDecayScope.no-norm': 'All but norms',
  'optimizer.weightDecayScope.weights': 'Weights only',
  'optimizer.weightDecayScope.kernels': 'Kernels only',
  'schedule.warmupStartIn.fraction': 'Fraction',
  'schedule.warmupStartIn.rate': 'Rate',
  'schedule.updates.step': 'Every step',
  'schedule.updates.epoch': 'Every epoch',
  'schedule.anneal.cos': 'Cosine',
  'schedule.anneal.linear': 'Straight lines',
  'augment.padMode.zero': 'Zeros',
  'augment.padMode.black': 'Black',
  'augment.padMode.reflect': 'Mirrored border',
  'augment.policyInterpolation.nearest': 'Nearest',
  'augment.policyInterpolation.bilinear': 'Bilinear',
  'augment.policyInterpolation.bicubic': 'Bicubic',
  'augment.policyInterpolation.random': 'Random',
  'augment.erasingReference.torchvision': 'torchvision form',
  'augment.erasingReference.timm': 'timm form',
  'augment.erasingFill.const': 'Zeros',
  'augment.erasingFill.rand': 'One random colour',
  'augment.erasingFill.pixel': 'Random pixels',
  'input.normalization.channel': 'Channel mean, std',
  'input.normalization.pixel-mean': 'Per-pixel mean',
  'input.normalization.lenet': 'LeNet, −0.1 to 1.175',
  'input.normalization.unit': '0 to 1',
  'evaluation.checkpoint.last': 'Last',
  'evaluation.checkpoint.best': 'Best (optimistic)',
  'train.onNotFinite.stop': 'Stop',
  'train.onNotFinite.lower-rate': 'Lower the rate and go on',
  'compute.precision.fp32': 'fp32',
  'compute.precision.bf16': 'bf16',
  'compute.precision.fp16': 'fp16',
}

export interface ConfigTexts {
  label(field: ConfigField): string
  help(field: ConfigField): string
  unit(unit: string): string
  choice(field: ConfigField, choice: string): string
  choiceHelp(field: ConfigField, choice: string): string | undefined
  /** What a number means where it is no amount, such as 0 for off; undefined for amounts. */
  meaning(field: ConfigField, value: FieldValue): string | undefined
  /** A value of the field as it is read: choices by name, lists with commas, the tolerance in points, numbers with `unit`. */
  value(field: ConfigField, value: FieldValue, unit?: string): string
}

const own = { en: "the architecture's", zh: '网络自己的值' }

/** What a rate of -1 means. */
const unsetWords: Record<string, { en: string; zh: string }> = {
  'model.dropout': own,
  'model.dropPath': own,
}

/** What zero means where it is no amount. */
const zeroWords: Record<string, { en: string; zh: string }> = {
  'data.shortSide': { en: 'as they are', zh: '保持原样' },
  'input.size': own,
  'input.growFrom': { en: 'off', zh: '关闭' },
  'evaluation.size': { en: 'as in training', zh: '与训练相同' },
  'evaluation.resize': { en: 'the test size', zh: '测试尺寸' },
  'data.limitTrain': { en: 'all', zh: '全部' },
  'data.limitTest': { en: 'all', zh: '全部' },
  'norm.momentum': own,
  'norm.epsilon': own,
  'norm.ghostBatch': { en: 'whole batch', zh: '整批' },
  'norm.reestimate': { en: 'off', zh: '关闭' },
  'compute.threads': { en: 'all cores', zh: '全部核心' },
  'optimizer.lookaheadEvery': { en: 'off', zh: '关闭' },
  'train.earlyStop': { en: 'off', zh: '关闭' },
  'saving.every': { en: 'off', zh: '关闭' },
  'saving.keep': { en: 'all', zh: '全部' },
  'saving.gigabytes': { en: 'no limit', zh: '没有上限' },
  'augment.pad': { en: 'off', zh: '关闭' },
  'augment.cutout': { en: 'off', zh: '关闭' },
}

/** Fields whose value is a fraction that readers know in percentage points. */
export const pointFields: readonly string[] = ['verdict.tolerance']

const plainNumber = (value: number) =>
  value !== 0 && Math.abs(value) < 1e-3
    ? value.toExponential().replace('e+', 'e')
    : Math.abs(value) >= 10_000
      ? value.toLocaleString('en')
      : String(Number(value.toPrecision(12)))

/** Words of settings in one language. */
export function configTexts(language: Language): ConfigTexts {
  const zh = language === 'zh'
  const texts: ConfigTexts = {
    label: (field) => (zh ? fieldTexts[field.key]?.label : undefined) ?? field.label,
    help: (field) => (zh ? fieldTexts[field.key]?.help : undefined) ?? field.help,
    unit: (unit) => (zh ? unitTexts[unit] : undefined) ?? unit,
    choice(field, choice) {
      const key = `${field.key}.${choice}`
      const english = registries[field.key]?.[choice]?.label ?? englishChoices[key] ?? choice
      return (zh ? choiceTexts[key] : undefined) ?? english
    },
    choiceHelp: (field, choice) => (zh ? undefined : registries[field.key]?.[choice]?.help),
    meaning: (field, value) =>
      (value === 0 ? zeroWords : value === -1 ? unsetWords : undefined)?.[field.key]?.[language],
    value(field, value, unit) {
      const withUnit = (text: string) => {
        if (unit === undefined) return text
        return `${text}\u00a0${value === 1 && !zh ? unit.replace(/s$/, '') : texts.unit(unit)}`
      }
      if (Array.isArray(value)) return value.length === 0 ? '–' : withUnit(value.map(plainNumber).join(', '))
      if (typeof value === 'boolean') return zh ? (value ? '是' : '否') : value ? 'yes' : 'no'
      if (typeof value === 'string') return texts.choice(field, value)
      const meaning = texts.meaning(field, value)
      if (meaning !== undefined) return meaning
      if (pointFields.includes(field.key)) {
        return `±\u00a0${Number((value * 100).toPrecision(6))}\u00a0${zh ? '个百分点' : 'pp'}`
      }
      return withUnit(plainNumber(value))
    },
  }
  return texts
}

const byLanguage = { en: configTexts('en'), zh: configTexts('zh') }

/** Words of settings in the present language. */
export function useConfigTexts(): ConfigTexts {
  return byLanguage[useLanguage()]
}
