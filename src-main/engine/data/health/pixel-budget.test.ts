import { expect, test } from 'vitest'
import { createPixelBudget } from './pixel-budget.ts'

/** Works that end when they are told to. */
function heldWorks(most: number, sizes: readonly number[]) {
  const within = createPixelBudget(most)
  const running = new Set<number>()
  const ends: (() => void)[] = []
  const all = sizes.map((pixels, i) =>
    within(pixels, async () => {
      running.add(i)
      await new Promise<void>((end) => {
        ends[i] = end
      })
      running.delete(i)
    }),
  )
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return { running: () => [...running], end: (i: number) => ends[i]?.(), settled, all }
}

test('works run together while their pixels fit, in their order', async () => {
  const works = heldWorks(100, [60, 30, 50, 5])
  await works.settled()
  expect(works.running()).toEqual([0, 1])
  works.end(0)
  await works.settled()
  expect(works.running()).toEqual([1, 2, 3])
})

test('a work above the budget runs alone', async () => {
  const works = heldWorks(100, [10, 500, 10])
  await works.settled()
  expect(works.running()).toEqual([0])
  works.end(0)
  await works.settled()
  expect(works.running()).toEqual([1])
  works.end(1)
  await works.settled()
  expect(works.running()).toEqual([2])
})

test('a work that fails makes room', async () => {
  const within = createPixelBudget(10)
  await expect(within(10, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await expect(within(10, () => Promise.resolve('next'))).resolves.toBe('next')
})
