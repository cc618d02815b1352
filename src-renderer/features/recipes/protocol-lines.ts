// A recipe's settings as the lines of a protocol, as a methods section would put them. Pure: words come from the caller.
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import type { Recipe } from '../../../src-main/shared/recipe.ts'

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
  | 'sizes'
  | 'epochs'
  | 'steps'
  | 'batch'
  | 'labelSmoothing'
  | 'optimizerMain'
  | 'momentum'
  | 'nesterov'
  | 'lookahead'
  | 'biasRate'
  | 'none'
  | 'decayAll'
  | 'decayWeights'
  | 'warmup'
  | 'milestones'
  | 'peakAt'
  | 'pad'
  | 'flip'
  | 'cutout'
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

function lengthText({ config }: Recipe, value: number, { words, count }: ProtocolWriter): string {
  return words(config.train.lengthUnit === 'epochs' ? 'epochs' : 'steps', { count: count(value) })
}

function scheduleDetail(recipe: Recipe, writer: ProtocolWriter): string[] {
  const { schedule, optimizer } = recipe.config
  const { words, count, rate, percent } = writer
  const detail: string[] = []
  if (schedule.name === 'multi-step' && schedule.milestones.length > 0) {
    const places = schedule.milestones.map(count).join(', ')
    detail.push(words('milestones', { divisor: rate(1 / schedule.gamma), places }))
  }
  if (schedule.name === 'one-cycle' || schedule.name === 'triangular') {
    detail.push(words('peakAt', { place: percent(schedule.peak) }))
  }
  if (schedule.warmup > 0) {
    const from = rate(schedule.warmupStart * optimizer.lr)
    detail.push(words('warmup', { length: lengthText(recipe, schedule.warmup, writer), rate: from }))
  }
  return detail
}

function augmentationTexts({ config }: Recipe, { words, choice, count }: ProtocolWriter): string[] {
  const { augment } = config
  const texts: string[] = []
  if (augment.pad > 0) texts.push(words('pad', { pixels: `${count(augment.pad)} px` }))
  if (augment.flip !== 'none') texts.push(words('flip', { kind: choice('augment.flip', augment.flip) }))
  if (augment.cutout > 0) texts.push(words('cutout', { size: `${count(augment.cutout)} px` }))
  return texts
}

/** The protocol of a recipe, one line per subject, each with its traps. */
export function protocolLines(summary: RecipeSummary, writer: ProtocolWriter): ProtocolLine[] {
  const { recipe } = summary
  const { config } = recipe
  const { words, choice, count, countShort, rate } = writer
  const { optimizer, train, evaluation, input, data, seeds, compute } = config
  const [augmentMain, ...augmentMore] = augmentationTexts(recipe, writer)

  const optimizerDetail = [words(optimizer.nesterov ? 'nesterov' : 'momentum', { value: rate(optimizer.momentum) })]
  if (optimizer.lookaheadEvery > 0) optimizerDetail.push(words('lookahead', { steps: count(optimizer.lookaheadEvery) }))
  if (optimizer.normBiasLrScale !== 1)
    optimizerDetail.push(words('biasRate', { factor: rate(optimizer.normBiasLrScale) }))

  const lengthDetail = [words('batch', { size: count(train.batchSize) })]
  if (train.labelSmoothing > 0) lengthDetail.push(words('labelSmoothing', { value: rate(train.labelSmoothing) }))

  const lines: Omit<ProtocolLine, 'traps'>[] = [
    {
      id: 'model',
      main: summary.modelLabel,
      detail: [
        words('sizes', {
          parameters: countShort(summary.parameters),
          macs: countShort(summary.macsMillions * 1e6),
        }),
      ],
    },
    { id: 'length', main: lengthText(recipe, train.length, writer), detail: lengthDetail },
    {
      id: 'optimizer',
      main: words('optimizerMain', { name: choice('optimizer.name', optimizer.name), lr: rate(optimizer.lr) }),
      detail: optimizerDetail,
    },
    {
      id: 'weightDecay',
      main: optimizer.weightDecay === 0 ? words('none') : rate(optimizer.weightDecay),
      detail:
        optimizer.weightDecay === 0 ? [] : [words(optimizer.weightDecayScope === 'all' ? 'decayAll' : 'decayWeights')],
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
      detail: [words('everyEpochs', { count: evaluation.every }), words(`judged.${evaluation.checkpoint}`)],
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
