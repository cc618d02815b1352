// What a protocol says of the network, the loss, the optimizer and the schedule beyond their names. Pure.
import { configValue } from '../../../src-main/shared/config-fields.ts'
import type { Recipe } from '../../../src-main/shared/recipe.ts'
import { type ModelRecord, models } from '../../../src-main/shared/registry/models.ts'
import type { RunConfig } from '../../../src-main/shared/run-config.ts'
import { fieldApplies } from '../new-run/form-sections.ts'
import type { ProtocolWriter } from './protocol-lines.ts'

export type TrainingWord =
  | 'epochs'
  | 'steps'
  | 'batch'
  | 'accumulate'
  | 'labelSmoothing'
  | 'loss'
  | 'bceThreshold'
  | 'bceSum'
  | 'ema'
  | 'dropout'
  | 'dropPath'
  | 'zeroInit'
  | `frozenNorm.${Exclude<RunConfig['norm']['freeze'], 'none'>}`
  | 'normMomentum'
  | 'normEpsilon'
  | 'ghostBatch'
  | 'reestimated'
  | 'rateScaled'
  | 'momentum'
  | 'nesterov'
  | 'betas'
  | 'alpha'
  | 'epsilon'
  | 'clip'
  | 'lookahead'
  | 'biasRate'
  | 'layerDecay'
  | 'milestones'
  | 'multiplied'
  | 'peakAt'
  | 'warmup'
  | 'finalRate'
  | 'cooldown'
  | 'byEpoch'

/** A length in the unit of the training. */
export function lengthText({ config }: Recipe, value: number, { words, count }: ProtocolWriter): string {
  return words(config.train.lengthUnit === 'epochs' ? 'epochs' : 'steps', { count: count(value) })
}

/** Batch, loss and average. */
export function lengthDetail({ config }: Recipe, { words, choice, count, rate }: ProtocolWriter): string[] {
  const { train } = config
  const texts = [words('batch', { size: count(train.batchSize) })]
  if (train.accumulate > 1) texts.push(words('accumulate', { count: count(train.accumulate) }))
  if (train.loss !== 'cross-entropy') texts.push(words('loss', { name: choice('train.loss', train.loss) }))
  if (train.loss === 'bce' && train.bceThreshold > 0) {
    texts.push(words('bceThreshold', { value: rate(train.bceThreshold) }))
  }
  if (train.loss === 'bce' && train.bceSum) texts.push(words('bceSum'))
  if (train.labelSmoothing > 0) texts.push(words('labelSmoothing', { value: rate(train.labelSmoothing) }))
  if (train.ema !== 'none') {
    texts.push(words('ema', { form: choice('train.ema', train.ema), value: String(train.emaDecay) }))
  }
  return texts
}

/** Rates of the random layers in force, and what the recipe changes about the start and batch normalisation. */
export function modelDetail({ config }: Recipe, { words, count, rate }: ProtocolWriter): string[] {
  const { model, norm } = config
  const record: ModelRecord = models[model.name as keyof typeof models]
  const dropout = model.dropout >= 0 ? model.dropout : (record.dropout ?? 0)
  const dropPath = model.dropPath >= 0 ? model.dropPath : (record.dropPath ?? 0)
  const { momentum, epsilon, ghostBatch, freeze, reestimate } = norm
  const texts: string[] = []
  if (dropout > 0) texts.push(words('dropout', { value: rate(dropout) }))
  if (dropPath > 0) texts.push(words('dropPath', { value: rate(dropPath) }))
  if (model.zeroInit) texts.push(words('zeroInit'))
  if (freeze !== 'none') texts.push(words(`frozenNorm.${freeze}`))
  if (momentum > 0) texts.push(words('normMomentum', { value: rate(momentum) }))
  if (epsilon > 0) texts.push(words('normEpsilon', { value: rate(epsilon) }))
  if (ghostBatch > 0) texts.push(words('ghostBatch', { size: count(ghostBatch) }))
  if (reestimate > 0) texts.push(words('reestimated', { count: count(reestimate) }))
  return texts
}

/** The coefficients that the optimizer has, and what happens to gradients and weights around it. */
export function optimizerDetail({ config }: Recipe, { words, choice, count, rate }: ProtocolWriter): string[] {
  const { optimizer } = config
  const applies = (name: string) => fieldApplies(`optimizer.${name}`, (key) => configValue(config, key))
  const texts: string[] = []
  if (optimizer.lrScaling !== 'none') {
    const rule = choice('optimizer.lrScaling', optimizer.lrScaling)
    texts.push(words('rateScaled', { pictures: count(optimizer.lrBaseBatch), rule }))
  }
  if (applies('momentum')) {
    const nesterov = applies('nesterov') && optimizer.nesterov
    texts.push(words(nesterov ? 'nesterov' : 'momentum', { value: rate(optimizer.momentum) }))
  }
  if (applies('beta1')) texts.push(words('betas', { first: rate(optimizer.beta1), second: rate(optimizer.beta2) }))
  if (applies('alpha')) texts.push(words('alpha', { value: rate(optimizer.alpha) }))
  if (applies('epsilon')) texts.push(words('epsilon', { value: rate(optimizer.epsilon) }))
  if (optimizer.clip !== 'none') {
    const kind = choice('optimizer.clip', optimizer.clip)
    texts.push(words('clip', { kind, threshold: rate(optimizer.clipThreshold) }))
  }
  if (optimizer.lookaheadEvery > 0) texts.push(words('lookahead', { steps: count(optimizer.lookaheadEvery) }))
  if (optimizer.normBiasLrScale !== 1) texts.push(words('biasRate', { factor: rate(optimizer.normBiasLrScale) }))
  if (optimizer.layerDecay < 1) texts.push(words('layerDecay', { factor: rate(optimizer.layerDecay) }))
  return texts
}

export function scheduleDetail(recipe: Recipe, writer: ProtocolWriter): string[] {
  const { schedule, optimizer } = recipe.config
  const { words, count, rate, percent } = writer
  const { name } = schedule
  const texts: string[] = []
  if (name === 'multi-step' && schedule.milestones.length > 0) {
    const places = schedule.milestones.map(count).join(', ')
    texts.push(words('milestones', { divisor: rate(1 / schedule.gamma), places }))
  }
  if (name === 'step' || name === 'exponential') {
    const length = lengthText(recipe, schedule.stepSize, writer)
    texts.push(words('multiplied', { factor: rate(schedule.gamma), length }))
  }
  if (name === 'one-cycle' || name === 'triangular') texts.push(words('peakAt', { place: percent(schedule.peak) }))
  if (schedule.warmup > 0) {
    const from = schedule.warmupStartIn === 'rate' ? schedule.warmupStart : schedule.warmupStart * optimizer.lr
    texts.push(words('warmup', { length: lengthText(recipe, schedule.warmup, writer), rate: rate(from) }))
  }
  if (schedule.finalLr > 0) texts.push(words('finalRate', { rate: rate(schedule.finalLr) }))
  if (schedule.cooldown > 0) texts.push(words('cooldown', { length: lengthText(recipe, schedule.cooldown, writer) }))
  if (schedule.updates === 'epoch') texts.push(words('byEpoch'))
  return texts
}
