// A config made short enough to be trained twice, to prove that it can be broken off.
import { configValue, withConfigValue } from '../shared/config-fields.ts'
import type { RunConfig } from '../shared/run-config.ts'
import { stepsPerEpoch } from '../shared/training-length.ts'

/** Epochs of each of the two trainings of a proof. */
export const proofEpochs = 2

/**
 * The config with a length of two epochs and an evaluation after each, for a training set of `pictures`; all else stays, but
 * that warm-up and cooldown shrink with the length where they would not fit into it. `changes` names what differs.
 */
export function proofConfig(
  config: RunConfig,
  pictures: number,
): { config: RunConfig; changes: Record<string, unknown> } {
  const { train, schedule } = config
  const perEpoch = train.lengthUnit === 'epochs' ? 1 : stepsPerEpoch(pictures, config)
  const length = proofEpochs * perEpoch
  const wanted: Record<string, number> = { 'train.length': length, 'evaluation.every': 1 }
  if (schedule.warmup + schedule.cooldown > length) {
    wanted['schedule.warmup'] = (schedule.warmup * length) / train.length
    wanted['schedule.cooldown'] = (schedule.cooldown * length) / train.length
  }
  const changed = Object.entries(wanted).filter(([key, value]) => configValue(config, key) !== value)
  return {
    config: changed.reduce((before, [key, value]) => withConfigValue(before, key, value), config),
    changes: Object.fromEntries(changed),
  }
}
