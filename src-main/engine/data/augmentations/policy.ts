// The augmentation policy that a run config names, drawn and applied to one picture.
import type { RunConfig } from '../../../shared/run-config.ts'
import { roundHalfEven, type Size } from '../transforms/crop-geometry.ts'
import { imagenetNormalization } from '../transforms/evaluation-transform.ts'
import type { Picture } from '../transforms/picture.ts'
import type { DrawSource } from './draw-source.ts'
import { applyOperations, type OperationCall } from './operations.ts'
import {
  applyAugMix,
  drawTimmAugMix,
  drawTimmAutoAugment,
  drawTimmRandAugment,
  parseTimmAugMix,
  parseTimmNoise,
  parseTimmRandAugment,
} from './timm-policies.ts'
import { drawAutoAugment, drawRandAugment, drawTrivialAugmentWide } from './torchvision-policies.ts'

type AugmentConfig = RunConfig['augment']
export type PolicyName = AugmentConfig['policy']

/** Draws for a picture of `size`, and gives what is done with it. */
export type Policy = (source: DrawSource, size: Size) => (picture: Picture) => Picture

const black = [0, 0, 0] as const
/** timm fills what comes in from outside with the mean colour. */
const meanColor = imagenetNormalization.mean.map((value) => roundHalfEven(255 * value)) as [number, number, number]

const calling = (fill: readonly [number, number, number], calls: readonly OperationCall[]) => (picture: Picture) =>
  applyOperations(picture, calls, fill)

/** torchvision has no random interpolation; its presets take bilinear. */
const fixedFilter = ({ policyInterpolation: filter }: AugmentConfig) => (filter === 'random' ? 'bilinear' : filter)

const policies: Record<Exclude<PolicyName, 'none'>, (config: AugmentConfig) => Policy> = {
  'trivial-wide': (config) => (source) => calling(black, drawTrivialAugmentWide(source, fixedFilter(config))),
  'rand-torchvision': (config) => {
    const { policyOperations: operations, policyMagnitude: magnitude } = config
    const settings = { operations, magnitude, bins: 31, filter: fixedFilter(config) }
    return (source, size) => calling(black, drawRandAugment(source, size, settings))
  },
  'auto-imagenet': (config) => torchvisionAuto('imagenet', config),
  'auto-cifar10': (config) => torchvisionAuto('cifar10', config),
  'auto-svhn': (config) => torchvisionAuto('svhn', config),
  'rand-timm': (config) => {
    const settings = parseTimmRandAugment(config.policySpec || 'rand', config.policyInterpolation)
    return (source, size) => calling(meanColor, drawTimmRandAugment(source, size, settings))
  },
  'auto-timm-original': (config) => timmAuto('original', config),
  'auto-timm-v0': (config) => timmAuto('v0', config),
  augmix: (config) => {
    const settings = parseTimmAugMix(config.policySpec || 'augmix', config.policyInterpolation)
    return (source, size) => {
      const draw = drawTimmAugMix(source, size, settings)
      return (picture) => applyAugMix(picture, draw, meanColor)
    }
  },
}

function torchvisionAuto(name: 'imagenet' | 'cifar10' | 'svhn', config: AugmentConfig): Policy {
  return (source, size) => calling(black, drawAutoAugment(source, size, name, fixedFilter(config)))
}

function timmAuto(name: 'original' | 'v0', config: AugmentConfig): Policy {
  const noise = parseTimmNoise(config.policySpec || name, name, config.policyInterpolation)
  return (source, size) => calling(meanColor, drawTimmAutoAugment(source, size, name, noise))
}

/** Null when the config has none. Throws `config-out-of-range` for a `policySpec` that cannot be read. */
export function createPolicy(config: AugmentConfig): Policy | null {
  return config.policy === 'none' ? null : policies[config.policy](config)
}
