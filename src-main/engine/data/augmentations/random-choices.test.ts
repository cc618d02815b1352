import { expect, test } from 'vitest'
import {
  augmentationOracles,
  oraclePicture,
  replay,
  sha256,
  summarised,
} from '../../../../tools/oracle/read-augmentations.ts'
import { applyColorJitter, drawColorJitter } from './color-jitter.ts'
import { drawDirichlet, drawPermutation, pictureDraws } from './draw-source.ts'
import { applyRandomErasing, drawRandomErasing } from './random-erasing.ts'
import { applyResizedCrop, drawResizedCrop, standardCrop } from './random-resized-crop.ts'

const { resizedCrop, erasing, colorJitter } = augmentationOracles()

test.each(resizedCrop)('$reference crop of $size, scale $scale, replay $replay', (oracle) => {
  const box = drawResizedCrop(replay(oracle.replay), oracle.size, { ...standardCrop, scale: oracle.scale })
  expect([box.top, box.left, box.height, box.width]).toEqual(oracle.box)
  const source = oraclePicture(0, ...oracle.size)
  expect(sha256(applyResizedCrop(source, box, [16, 16], 'bicubic').data)).toBe(oracle.sha256)
})

test.each(erasing)('$reference erasing with $fill, count $count, replay $replay', (oracle) => {
  const { reference, fill, count } = oracle
  const ranges =
    reference === 'timm'
      ? ({ area: [0.02, 1 / 3], aspect: [0.3, 1 / 0.3] } as const)
      : ({ area: [0.02, 0.33], aspect: [0.3, 3.3] } as const)
  const boxes = drawRandomErasing(replay(oracle.replay), [37, 53], {
    reference,
    probability: 0.7,
    fill,
    count,
    ...ranges,
  })
  const picture = Float32Array.from(oraclePicture(0, 37, 53).data, (value) => value / 255)
  applyRandomErasing(picture, 53, boxes)
  expect(sha256(new Uint8Array(picture.buffer))).toBe(oracle.sha256)
})

test.each(colorJitter)('colour jitter $steps', ({ steps, picture, size, output }) => {
  expect(summarised(applyColorJitter(oraclePicture(picture, ...size), steps))).toEqual(output)
})

test('colour jitter draws factors in range, in every order, and leaves out what is off', () => {
  const orders = new Set<string>()
  for (let picture = 0; picture < 300; picture++) {
    const steps = drawColorJitter(pictureDraws(1, 0, picture), {
      brightness: 0.4,
      contrast: 2,
      saturation: 0,
      hue: 0.1,
    })
    orders.add(steps.map(([part]) => part).join())
    const factors = Object.fromEntries(steps) as Record<string, number>
    expect(Math.abs((factors.brightness ?? 9) - 1)).toBeLessThanOrEqual(0.4)
    expect(Math.abs((factors.contrast ?? 9) - 1.5)).toBeLessThanOrEqual(1.5)
    expect(Math.abs(factors.hue ?? 9)).toBeLessThanOrEqual(0.1)
    expect(factors.saturation).toBeUndefined()
  }
  expect(orders.size).toBe(6)
})

test('draws depend on seed, epoch and picture alone', () => {
  const first = (seed: number, epoch: number, picture: number) => {
    const source = pictureDraws(seed, epoch, picture)
    return Array.from({ length: 6 }, () => source.uniform())
  }
  expect(first(1, 2, 3)).toEqual(first(1, 2, 3))
  const all = [first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4)].flat()
  expect(new Set(all).size).toBe(24)
})

test('draws have the moments of their distributions', () => {
  const source = pictureDraws(7, 0, 0)
  const count = 20_000
  const normals = Array.from({ length: count }, () => source.normal())
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
  // Five standard errors.
  expect(Math.abs(mean(normals))).toBeLessThan(5 / Math.sqrt(count))
  expect(Math.abs(mean(normals.map((v) => v * v)) - 1)).toBeLessThan(5 * Math.sqrt(2 / count))
  // Two shares of concentration a: mean 1/2, variance 1 / (4 (2a + 1)).
  for (const concentration of [0.2, 1, 3]) {
    const shares = Array.from({ length: count }, () => drawDirichlet(source, concentration, 2)[0] as number)
    const variance = 1 / (4 * (2 * concentration + 1))
    expect(Math.abs(mean(shares) - 0.5)).toBeLessThan(5 * Math.sqrt(variance / count))
    expect(Math.abs(mean(shares.map((v) => (v - 0.5) ** 2)) / variance - 1)).toBeLessThan(0.05)
  }
  expect(drawPermutation(source, 5).toSorted()).toEqual([0, 1, 2, 3, 4])
})
