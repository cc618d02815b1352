// What a protocol says of pictures: how they are cut, changed and mixed in training, and how they are judged. Pure.
import { configValue } from '../../../src-main/shared/config-fields.ts'
import { trainingSize } from '../../../src-main/shared/input-fit.ts'
import type { Recipe } from '../../../src-main/shared/recipe.ts'
import { fieldApplies } from '../new-run/form-sections.ts'
import type { ProtocolWriter } from './protocol-lines.ts'

export type PictureWord =
  | 'cropResized'
  | 'cropScaled'
  | 'growsFrom'
  | 'pad'
  | 'flip'
  | 'cutout'
  | 'colorJitter'
  | 'grayscale'
  | 'lighting'
  | 'policy'
  | 'policyOperations'
  | 'erasing'
  | 'mixup'
  | 'cutmix'
  | 'mixReference'
  | 'mixShare'
  | 'repeats'
  | 'testCrop'
  | 'testSize'

const pixels = (value: number) => `${value} px`

function cropTexts({ config }: Recipe, { words, choice, percent }: ProtocolWriter): string[] {
  const { augment, input } = config
  const kind = choice('augment.crop', augment.crop)
  const size = pixels(trainingSize(config)[0])
  const interpolation = choice('augment.interpolation', augment.interpolation)
  const texts: string[] = []
  if (augment.crop === 'random-resized') {
    const [least = 0, most = 1] = augment.cropScale
    texts.push(words('cropResized', { kind, size, least: percent(least), most: percent(most), interpolation }))
  }
  if (augment.crop === 'random-crop') {
    const [least = 0, most = 0] = augment.cropShortSide
    texts.push(words('cropScaled', { kind, size, least, most: pixels(most), interpolation }))
  }
  if (input.growFrom > 0) texts.push(words('growsFrom', { size: pixels(input.growFrom) }))
  return texts
}

function colorTexts({ config }: Recipe, { words, choice, rate, percent }: ProtocolWriter): string[] {
  const { augment } = config
  const texts: string[] = []
  if (augment.colorJitter.some((strength) => strength > 0)) {
    texts.push(words('colorJitter', { values: augment.colorJitter.map(rate).join(', ') }))
  }
  if (augment.grayscale > 0) texts.push(words('grayscale', { share: percent(augment.grayscale) }))
  if (augment.lighting > 0) texts.push(words('lighting', { value: rate(augment.lighting) }))
  const kind = choice('augment.policy', augment.policy)
  const hasSpec = fieldApplies('augment.policySpec', (key) => configValue(config, key))
  if (hasSpec && augment.policySpec !== '') {
    texts.push(words('policy', { kind, settings: augment.policySpec }))
  } else if (augment.policy === 'rand-torchvision') {
    texts.push(words('policyOperations', { kind, count: augment.policyOperations, bin: augment.policyMagnitude }))
  } else if (augment.policy !== 'none') {
    texts.push(kind)
  }
  return texts
}

function mixingTexts({ config }: Recipe, { words, choice, rate, percent }: ProtocolWriter): string[] {
  const { augment } = config
  if (augment.mixup === 0 && augment.cutmix === 0) return []
  const texts: string[] = []
  if (augment.mixup > 0) texts.push(words('mixup', { alpha: rate(augment.mixup) }))
  if (augment.cutmix > 0) texts.push(words('cutmix', { alpha: rate(augment.cutmix) }))
  texts.push(words('mixReference', { kind: choice('augment.mixReference', augment.mixReference) }))
  if (augment.mixProbability < 1) texts.push(words('mixShare', { share: percent(augment.mixProbability) }))
  return texts
}

/** How training pictures are cut and changed, in the order in which it happens. */
export function augmentationTexts(recipe: Recipe, writer: ProtocolWriter): string[] {
  const { words, choice, count, percent } = writer
  const { augment } = recipe.config
  const texts = cropTexts(recipe, writer)
  if (augment.pad > 0) texts.push(words('pad', { pixels: pixels(augment.pad) }))
  if (augment.flip !== 'none') texts.push(words('flip', { kind: choice('augment.flip', augment.flip) }))
  texts.push(...colorTexts(recipe, writer))
  if (augment.cutout > 0) texts.push(words('cutout', { size: pixels(augment.cutout) }))
  if (augment.erasing > 0) {
    const reference = choice('augment.erasingReference', augment.erasingReference)
    const fill = choice('augment.erasingFill', augment.erasingReference === 'timm' ? augment.erasingFill : 'const')
    texts.push(words('erasing', { share: percent(augment.erasing), reference, fill }))
  }
  texts.push(...mixingTexts(recipe, writer))
  if (augment.repeats > 1) texts.push(words('repeats', { count: count(augment.repeats) }))
  return texts
}

/** How test pictures become inputs; nothing where they are judged as they are. */
export function testSizeTexts({ config }: Recipe, { words, choice }: ProtocolWriter): string[] {
  const { size, resize, geometry, interpolation } = config.evaluation
  const side = pixels(size > 0 ? size : trainingSize(config)[0])
  const filter = choice('evaluation.interpolation', interpolation)
  const kind = choice('evaluation.geometry', geometry)
  if (resize > 0 && geometry === 'center') return [words('testCrop', { size: side, resize: pixels(resize), filter })]
  if (resize > 0 || size > 0) return [words('testSize', { size: side, kind, filter })]
  return []
}
