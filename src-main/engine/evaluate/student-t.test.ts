import { expect, test } from 'vitest'
import { studentTOracle } from '../../../tools/oracle/read-values.ts'
import { studentTQuantile } from './student-t.ts'

const oracle = studentTOracle()

test('quantiles agree with scipy to 1e-10 for whole and fractional degrees of freedom', () => {
  expect(oracle.degrees.length).toBeGreaterThan(50)
  for (const [i, degrees] of oracle.degrees.entries()) {
    expect(
      Math.abs(studentTQuantile(oracle.probability, degrees) - (oracle.quantiles[i] as number)),
      `${degrees} degrees of freedom`,
    ).toBeLessThan(1e-10)
  }
})

test('the median is zero and fewer than one degree of freedom is refused', () => {
  expect(studentTQuantile(0.5, 4)).toBe(0)
  expect(() => studentTQuantile(0.975, 0.5)).toThrow(RangeError)
})
