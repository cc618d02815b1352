import { describe, expect, test } from 'vitest'
import { augmentationOracles, oraclePicture, replay, sha256 } from '../../../../tools/oracle/read-augmentations.ts'
import type { Size } from '../transforms/crop-geometry.ts'
import { type DrawSource, pictureDraws } from './draw-source.ts'
import { applyOperations, type OperationCall } from './operations.ts'
import { timmSubPolicies } from './timm-auto-augment.ts'
import {
  applyAugMix,
  drawTimmAugMix,
  drawTimmAutoAugment,
  drawTimmChain,
  drawTimmRandAugment,
  parseTimmAugMix,
  parseTimmRandAugment,
} from './timm-policies.ts'
import { torchvisionSubPolicies } from './torchvision-auto-augment.ts'
import {
  drawAutoAugment,
  drawRandAugment,
  drawTrivialAugmentWide,
  standardRandAugment,
} from './torchvision-policies.ts'

const { fill, policies } = augmentationOracles()
const size: Size = [37, 53]
const picture = oraclePicture(0, ...size)

function drawn(
  oracle: Exclude<(typeof policies)[number], { policy: 'timm-augmix' }>,
  source: DrawSource,
): OperationCall[] {
  switch (oracle.policy) {
    case 'torchvision-rand-augment':
      return drawRandAugment(source, size, { ...standardRandAugment, ...oracle.settings })
    case 'torchvision-trivial-augment-wide':
      return drawTrivialAugmentWide(source, oracle.settings.filter)
    case 'torchvision-auto-augment':
      return drawAutoAugment(source, size, oracle.settings.policy, oracle.settings.filter)
    case 'timm-rand-augment':
      return drawTimmRandAugment(source, size, parseTimmRandAugment(oracle.settings.config))
    case 'timm-auto-augment':
      return drawTimmAutoAugment(source, size, oracle.settings.policy, {
        magnitudeStd: oracle.settings.magnitudeStd,
        magnitudeMax: 10,
        filter: 'random',
      })
  }
}

function augmented(oracle: (typeof policies)[number], source: DrawSource) {
  if (oracle.policy !== 'timm-augmix') return applyOperations(picture, drawn(oracle, source), fill)
  const { config, weights, mixed } = oracle.settings
  const chains = weights.map((weight) => ({ weight, calls: drawTimmChain(source, size, parseTimmAugMix(config)) }))
  return applyAugMix(picture, { chains, mixed }, fill)
}

describe.each(policies)('$policy $settings', (oracle) => {
  test('equals the reference to the bit on the same draws', () => {
    const found = oracle.sha256.map((hash, i) =>
      hash === null ? null : sha256(augmented(oracle, replay(oracle.firstReplay + i)).data),
    )
    expect(found).toEqual(oracle.sha256)
  })
})

test('every AutoAugment policy has an oracle', () => {
  const proven = (name: 'timm-auto-augment' | 'torchvision-auto-augment') =>
    policies.flatMap((oracle) => (oracle.policy === name ? [oracle.settings.policy] : []))
  expect(proven('timm-auto-augment')).toEqual(Object.keys(timmSubPolicies))
  expect(proven('torchvision-auto-augment')).toEqual(Object.keys(torchvisionSubPolicies))
})

test('AugMix draws as many chains as asked, with shares of one', () => {
  const draws = Array.from({ length: 50 }, (_, i) =>
    drawTimmAugMix(pictureDraws(0, 0, i), size, parseTimmAugMix('augmix-w4')),
  )
  for (const { chains, mixed } of draws) {
    expect(chains).toHaveLength(4)
    expect(chains.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12)
    expect(mixed >= 0 && mixed <= 1).toBe(true)
  }
  const depths = new Set(draws.flatMap(({ chains }) => chains.map(({ calls }) => calls.length)))
  expect([...depths].toSorted()).toEqual([1, 2, 3])
})

test("a string that is not timm's is refused", () => {
  expect(() => parseTimmRandAugment('rand-m9-x3')).toThrow('cannot be read')
  expect(() => parseTimmAugMix('rand-m9')).toThrow('cannot be read')
})
