// A recipe's settings as the lines of a protocol, as a methods section would put them. Pure: words come from the caller.
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import type { RunConfig } from '../../../src-main/shared/run-config.ts'
import { augmentationTexts, type PictureWord, testSizeTexts } from './picture-lines.ts'
import {
  lengthDetail,
  lengthText,
  modelDetail,
  optimizerDetail,
  scheduleDetail,
  type TrainingWord,
} from './training-lines.ts'

export type ProtocolLineId =
  | 'model'
  | 'length'
  | 'optimizer'
  | 'weightDecay'
  | 'schedule'
  | 'augmentation'
  | 'normalization'
  | 'evaluation'
  | 'data'
  | 'seeds'
  | 'precision'

/** Keys of the recipe texts, with the values that they take. */
export type Words = (key: ProtocolWord, values?: Record<string, string | number>) => string
export type ProtocolWord =
  | PictureWord
  | TrainingWord
  | 'sizes'
  | 'optimizerMain'
  | 'none'
  | `decay.${RunConfig['optimizer']['weightDecayScope']}`
  | 'asDataset'
  | 'everyEpochs'
  | 'judged.last'
  | 'judged.best'
  | 'firstSeed'
  | 'allPictures'
  | 'firstPictures'
  | 'seedsMain'

export interface ProtocolWriter {
  words: Words
  /** Name of a choice, such as that of a schedule. */
  choice: (key: string, value: string) => string
  count: (value: number) => string
  countShort: (value: number) => string
  rate: (value: number) => string
  percent: (fraction: number) => string
}

export interface ProtocolLine {
  id: ProtocolLineId
  main: string
  detail: string[]
  /** Known traps of this line, in the recipe's own words. */
  traps: string[]
}

/** The line that a trap's dotted key belongs to. */
function lineOfKey(key: string): ProtocolLineId {
  if (key.startsWith('optimizer.weightDecay')) return 'weightDecay'
  const bySection: Record<string, ProtocolLineId> = {
    model: 'model',
    norm: 'model',
    train: 'length',
    optimizer: 'optimizer',
    schedule: 'schedule',
    augment: 'augmentation',
    input: 'normalization',
    evaluation: 'evaluation',
    data: 'data',
    seeds: 'seeds',
    verdict: 'evaluation',
    compute: 'precision',
  }
  return bySection[key.split('.')[0] ?? ''] ?? 'model'
}

/** The protocol of a recipe, one line per subject, each with its traps. */
export function protocolLines(summary: RecipeSummary, writer: ProtocolWriter): ProtocolLine[] {
  const { recipe } = summary
  const { config } = recipe
  const { words, choice, count, countShort, rate } = writer
  const { optimizer, train, evaluation, input, data, seeds, compute } = config
  const [augmentMain, ...augmentMore] = augmentationTexts(recipe, writer)

  const lines: Omit<ProtocolLine, 'traps'>[] = [
    {
      id: 'model',
      main: summary.modelLabel,
      detail: [
        words('sizes', {
          parameters: countShort(summary.parameters),
          macs: countShort(summary.macsMillions * 1e6),
        }),
        ...modelDetail(recipe, writer),
      ],
    },
    { id: 'length', main: lengthText(recipe, train.length, writer), detail: lengthDetail(recipe, writer) },
    {
      id: 'optimizer',
      main: words('optimizerMain', { name: choice('optimizer.name', optimizer.name), lr: rate(optimizer.lr) }),
      detail: optimizerDetail(recipe, writer),
    },
    {
      id: 'weightDecay',
      main: optimizer.weightDecay === 0 ? words('none') : rate(optimizer.weightDecay),
      detail: optimizer.weightDecay === 0 ? [] : [words(`decay.${optimizer.weightDecayScope}`)],
    },
    {
      id: 'schedule',
      main: choice('schedule.name', config.schedule.name),
      detail: scheduleDetail(recipe, writer),
    },
    { id: 'augmentation', main: augmentMain ?? words('none'), detail: augmentMore },
    {
      id: 'normalization',
      main: choice('input.normalization', input.normalization),
      detail: input.normalization === 'channel' && input.mean.length === 0 ? [words('asDataset')] : [],
    },
    {
      id: 'evaluation',
      main: choice('evaluation.testAugmentation', evaluation.testAugmentation),
      detail: [
        ...testSizeTexts(recipe, writer),
        words('everyEpochs', { count: evaluation.every }),
        words(`judged.${evaluation.checkpoint}`),
      ],
    },
    {
      id: 'data',
      main: summary.datasetLabel,
      detail: data.limitTrain > 0 ? [words('firstPictures', { train: count(data.limitTrain) })] : [],
    },
    {
      id: 'seeds',
      main: words('seedsMain', { count: seeds.count }),
      detail: seeds.first === 1 ? [] : [words('firstSeed', { first: seeds.first })],
    },
    { id: 'precision', main: choice('compute.precision', compute.precision), detail: [] },
  ]
  return lines.map((line) => ({
    ...line,
    traps: recipe.traps.filter(({ key }) => lineOfKey(key) === line.id).map(({ text }) => text),
  }))
}
