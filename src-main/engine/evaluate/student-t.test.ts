import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { studentTQuantile } from './student-t.ts'

interface QuantileOracle {
  probability: number
  degrees: number[]
  quantiles: number[]
}
const oracle = JSON.parse(
  readFileSync(new URL('../../../tools/oracle/values/student-t.json', import.meta.url), 'utf8'),
) as QuantileOracle

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
