import { expect, test } from 'vitest'
import { targetWords } from './target-words.ts'

const frog = { label: 6, className: 'frog' }
const ship = { label: 8, className: 'ship' }

test('mixed targets are named with their shares, highest first as they come', () => {
  expect(
    targetWords(
      [
        { ...frog, share: 0.62 },
        { ...ship, share: 0.38 },
      ],
      ', ',
    ),
  ).toBe('frog 0.62, ship 0.38')
})

test('an unmixed target is its class alone; a smoothed one shows what is left of it', () => {
  expect(targetWords([{ ...frog, share: 1 }], ', ')).toBe('frog')
  expect(targetWords([{ ...frog, share: 0.9 }], ', ')).toBe('frog 0.90')
})
