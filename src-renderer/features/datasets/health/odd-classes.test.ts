import { expect, test } from 'vitest'
import { oddClasses } from './odd-classes.ts'

test('among classes of one size any other size is odd', () => {
  expect([...oddClasses([5000, 5000, 4981, 5000])]).toEqual([2])
})

test('among unlike classes only much smaller or larger ones are odd', () => {
  expect([...oddClasses([732, 1300, 1281, 1170, 300, 2700])]).toEqual([4, 5])
})

test('an empty list and equal classes have none', () => {
  expect(oddClasses([]).size).toBe(0)
  expect(oddClasses([7, 7, 7]).size).toBe(0)
})
