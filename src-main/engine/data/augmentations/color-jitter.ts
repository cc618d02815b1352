// torchvision's ColorJitter.
import type { Picture } from '../transforms/picture.ts'
import { type DrawSource, drawBetween, drawPermutation } from './draw-source.ts'
import { brightness, color, contrast, hue } from './enhance.ts'

/** Strengths; 0 switches a part off. Factors lie in max(0, 1 - s)..1 + s, the turn of the hue in -s..s, s at most 0.5. */
export interface ColorJitterConfig {
  brightness: number
  contrast: number
  saturation: number
  hue: number
}

export type ColorJitterStep = readonly [part: keyof ColorJitterConfig, factor: number]

const parts = ['brightness', 'contrast', 'saturation', 'hue'] as const

const operations = { brightness, contrast, saturation: color, hue }

/** The parts that are on, in random order, each with its factor. */
export function drawColorJitter(source: DrawSource, config: ColorJitterConfig): ColorJitterStep[] {
  const order = drawPermutation(source, parts.length)
  const steps = parts.map((part): ColorJitterStep => {
    const strength = config[part]
    if (part === 'hue') return [part, drawBetween(source, -strength, strength)]
    return [part, drawBetween(source, Math.max(0, 1 - strength), 1 + strength)]
  })
  return order.flatMap((index) => steps.slice(index, index + 1)).filter(([part]) => config[part] > 0)
}

export function applyColorJitter(picture: Picture, steps: readonly ColorJitterStep[]): Picture {
  return steps.reduce<Picture>((current, [part, factor]) => operations[part](current, factor), picture)
}
