import { expect, test } from 'vitest'
import { matchShares } from './match-shares.ts'

test('missing, unlike and surplus pictures all differ', () => {
  const train = { matching: 49_978, found: 49_981, expected: 50_000 }
  const exact = { matching: 10_000, found: 10_000, expected: 10_000 }
  expect(matchShares(train, exact).differing).toBe(22)
  expect(matchShares({ ...train, found: 50_010 }, exact).differing).toBe(32)
})

test('a part whose pictures cannot be compared counts by its number', () => {
  const { differing, shares } = matchShares(
    { matching: null, found: 90, expected: 100 },
    { matching: null, found: 20, expected: 20 },
  )
  expect(differing).toBe(10)
  expect(shares.map(({ part }) => part)).toEqual(['matchTrain', 'matchDiffering', 'matchTest'])
})

test('nothing differs, nothing is drawn for it', () => {
  const part = { matching: 10, found: 10, expected: 10 }
  expect(matchShares(part, part).shares.map(({ part: name }) => name)).toEqual(['matchTrain', 'matchTest'])
})
