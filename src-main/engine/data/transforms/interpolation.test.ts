import { expect, test } from 'vitest'
import {
  oraclePicture,
  storedPicture,
  tensorflowResizeOracles,
  transformOracles,
} from '../../../../tools/oracle/read-transforms.ts'
import { interpolations } from '../../../shared/registry/augmentation.ts'
import { type Interpolation, resizePicture } from './interpolation.ts'

const { random: _random, ...one } = interpolations
const pillow = transformOracles().resize.filter(({ box }) => box === null)
const tensorflow = tensorflowResizeOracles()

test.each(Object.keys(one) as Interpolation[])('%s gives the picture of its library', (name) => {
  const ofPillow = pillow.filter(({ filter }) => filter === name)
  for (const { picture, size, output } of ofPillow) {
    const [height, width] = output.shape
    expect(resizePicture(oraclePicture(picture, ...size), height, width, name)).toEqual(storedPicture(output))
  }
  const ofTensorflow = tensorflow.filter(({ method }) => `tf-${method}` === name)
  for (const { picture, size, to, values } of ofTensorflow) {
    const { height, width, data } = resizePicture(oraclePicture(picture, ...size), ...to, name)
    expect([height, width]).toEqual(to)
    expect(data).toBeInstanceOf(Float32Array)
    expect(data.length).toBe(values.length)
    const worst = Math.max(...values.map((value, i) => Math.abs((data[i] ?? Number.NaN) - value)))
    expect(worst).toBeLessThan(1e-3)
  }
  expect(ofPillow.length + ofTensorflow.length).toBeGreaterThan(0)
})
