import { expect, test } from 'vitest'
import type { z } from 'zod'
import { sweepSchema } from '../../shared/sweep.ts'
import { startTestHost } from '../test-host/start-test-host.ts'
import { expandSweep, sweepRunName } from './expand-sweep.ts'

const expand = (sweep: z.input<typeof sweepSchema>) => expandSweep(sweepSchema.parse(sweep))
const values = (key: string, ...list: (number | string | boolean)[]) => ({ kind: 'values' as const, key, values: list })
const range = (key: string, min: number, max: number, more: { scale?: 'linear' | 'log'; whole?: boolean } = {}) => ({
  kind: 'range' as const,
  key,
  min,
  max,
  scale: 'linear' as const,
  ...more,
})

test('a grid is the product of its axes, the last one fastest', () => {
  const runs = expand({ mode: 'grid', axes: [values('optimizer.lr', 0.1, 0.01), values('seeds.first', 1, 2)] })
  expect(runs).toEqual([
    { 'optimizer.lr': 0.1, 'seeds.first': 1 },
    { 'optimizer.lr': 0.1, 'seeds.first': 2 },
    { 'optimizer.lr': 0.01, 'seeds.first': 1 },
    { 'optimizer.lr': 0.01, 'seeds.first': 2 },
  ])
})

test('random runs are the same for the same seed, others for another, and never twice the same', () => {
  const axes = [range('optimizer.lr', 1e-4, 1, { scale: 'log' }), values('train.batchSize', 32, 64)]
  const draw = (seed: number) => expand({ mode: 'random', axes, count: 50, seed })
  expect(draw(1)).toEqual(draw(1))
  expect(draw(2)).not.toEqual(draw(1))
  expect(new Set(draw(1).map((changes) => JSON.stringify(changes))).size).toBe(50)
  const few = expand({ mode: 'random', axes: [values('train.batchSize', 32, 64, 128)], count: 50 })
  expect(few.map((changes) => changes['train.batchSize']).toSorted((a, b) => Number(a) - Number(b))).toEqual([
    32, 64, 128,
  ])
})

test('draws on a log scale fall evenly on its decades; whole numbers take every value of the range', () => {
  const count = 1000
  const decades = new Map<number, number>()
  const rates = expand({ mode: 'random', axes: [range('optimizer.lr', 1e-4, 1, { scale: 'log' })], count })
  for (const changes of rates) {
    const rate = Number(changes['optimizer.lr'])
    expect(rate).toBeGreaterThanOrEqual(1e-4)
    expect(rate).toBeLessThanOrEqual(1)
    const decade = Math.floor(Math.log10(rate))
    decades.set(decade, (decades.get(decade) ?? 0) + 1)
  }
  // Each of 4 decades expects 250 draws with a standard deviation of 13.7; 5 of them is 68.
  for (const decade of [-4, -3, -2, -1]) expect(Math.abs((decades.get(decade) ?? 0) - count / 4)).toBeLessThan(68)
  const whole = expand({ mode: 'random', axes: [range('train.batchSize', 3, 9, { whole: true })], count })
  expect(whole.map((changes) => changes['train.batchSize']).toSorted()).toEqual([3, 4, 5, 6, 7, 8, 9])
})

test.each([
  [
    'an unknown setting',
    { mode: 'grid', axes: [values('optimizer.speed', 1)] },
    'There is no setting "optimizer.speed".',
  ],
  ['a setting twice', { mode: 'grid', axes: [values('optimizer.lr', 1), values('optimizer.lr', 2)] }, 'is swept twice'],
  ['a range in a grid', { mode: 'grid', axes: [range('optimizer.lr', 0.1, 1)] }, 'A grid needs the values'],
  ['a log scale from 0', { mode: 'random', axes: [range('optimizer.lr', 0, 1, { scale: 'log' })] }, 'on a log scale'],
  ['an empty range', { mode: 'random', axes: [range('optimizer.lr', 1, 0.1)] }, 'is empty'],
  ['no whole number', { mode: 'random', axes: [range('optimizer.lr', 0.2, 0.8, { whole: true })] }, 'no whole number'],
  [
    'too many runs',
    {
      mode: 'grid',
      axes: [
        values('seeds.first', ...Array.from({ length: 101 }, (_, i) => i + 1)),
        values('optimizer.lr', ...Array.from({ length: 10 }, (_, i) => i / 10)),
      ],
    },
    'too large',
  ],
] as const)('a sweep with %s is refused', (_, sweep, message) => {
  expect(() => expand(sweep as unknown as z.input<typeof sweepSchema>)).toThrow(message)
})

test('runs of a sweep are named by their values', () => {
  expect(sweepRunName('LeNet-5', { 'optimizer.lr': 0.05, 'schedule.milestones': [3, 5] })).toBe(
    'LeNet-5 · optimizer.lr 0.05, schedule.milestones 3 5',
  )
})

test('a sweep queues all of its runs or none', async () => {
  const host = await startTestHost()
  await host.client.runs.holdQueue.mutate({ held: true })
  const input = { recipeId: 'mnist-lenet5', changes: { 'seeds.count': 1 } }
  const sweep = { mode: 'grid' as const, axes: [values('optimizer.lr', 0.1, 0.05)] }
  expect(await host.client.runs.expandSweep.query({ ...input, sweep })).toEqual([
    { 'optimizer.lr': 0.1 },
    { 'optimizer.lr': 0.05 },
  ])
  const runs = await host.client.runs.startSweep.mutate({ ...input, sweep })
  const title = (await host.client.recipes.get.query({ id: 'mnist-lenet5' })).recipe.title
  expect(runs.map(({ name, sweep: of, queuePosition }) => [name, of, queuePosition])).toEqual([
    [`${title} · optimizer.lr 0.1`, `${title} · optimizer.lr`, 1],
    [`${title} · optimizer.lr 0.05`, `${title} · optimizer.lr`, 2],
  ])
  const again = await host.client.runs.startSweep.mutate({ ...input, sweep, first: true })
  expect(again.map(({ name, sweep: of, queuePosition }) => [name.slice(-4), of, queuePosition])).toEqual([
    [' 0.1', `${title} · optimizer.lr 2`, 1],
    ['0.05', `${title} · optimizer.lr 2`, 2],
  ])
  const bad = { mode: 'grid' as const, axes: [values('optimizer.lr', 0.1, -1)] }
  await expect(host.client.runs.startSweep.mutate({ ...input, sweep: bad })).rejects.toThrow('optimizer.lr')
  expect(await host.client.runs.list.query()).toHaveLength(4)
})
