import { expect, test } from 'vitest'
import { oraclePicture, tensorflowResizeOracles } from '../../../../tools/oracle/read-transforms.ts'
import { resizeTensorflow, tensorflowMethods } from './tensorflow-resize.ts'

const cases = tensorflowResizeOracles()

test('every method has an oracle', () => {
  expect([...new Set(cases.map((c) => c.method))]).toEqual([...tensorflowMethods])
})

test.each(cases)('$method of $size to $to, within 1e-3 of 255', ({ method, picture, size, to, values }) => {
  const found = resizeTensorflow(oraclePicture(picture, ...size), ...to, method)
  expect(found.length).toBe(values.length)
  const worst = Math.max(...values.map((value, i) => Math.abs((found[i] ?? Number.NaN) - value)))
  expect(worst).toBeLessThan(1e-3)
})
