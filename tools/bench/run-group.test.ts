import { expect, test } from 'vitest'
import { benchGroups, type Group } from './configurations.ts'
import { median, runGroup, turnOrder } from './run-group.ts'

// Answers as a contender does: so many thousandths of a second a step.
const program = `
  console.log('a line of some library')
  console.log(JSON.stringify({ ready: true, threads: 2, versions: { x: '1' } }))
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    console.log(JSON.stringify({ seconds: JSON.parse(line).steps * Number(process.argv[1]) / 1000 }))
  })`

const group: Group = {
  net: 'resnet20-cifar',
  label: 'Net',
  precision: 'fp32',
  batch: 8,
  contenders: [
    { id: 'ours', label: 'Ours', side: 'ours', compared: true, allocator: 'product', arguments: ['20'] },
    { id: 'torch', label: 'Torch', side: 'torch', compared: true, allocator: 'default', arguments: ['25'] },
  ],
}
const options = {
  rounds: 3,
  measurementSeconds: 0.1,
  measureLoad: async () => 0.04,
  say: (_words: string) => undefined,
}

test('every process is timed in every round, in seconds of one step', async () => {
  const result = await runGroup(group, {
    ...options,
    command: ({ arguments: args }) => ({ command: process.execPath, args: ['-e', program, ...args], env: process.env }),
  })
  expect(result.stepsPerMeasurement).toBe(5)
  expect(result.results.map(({ id, rounds, minimum }) => ({ id, rounds, minimum }))).toEqual([
    { id: 'ours', rounds: [0.02, 0.02, 0.02], minimum: 0.02 },
    { id: 'torch', rounds: [0.025, 0.025, 0.025], minimum: 0.025 },
  ])
  expect(result.results[0]).toMatchObject({ threads: 2, versions: { x: '1' }, median: 0.02 })
})

test('a busy machine is said and recorded', async () => {
  const said: string[] = []
  const result = await runGroup(group, {
    ...options,
    measureLoad: async () => 0.5,
    say: (words) => said.push(words),
    command: ({ arguments: args }) => ({ command: process.execPath, args: ['-e', program, ...args], env: process.env }),
  })
  expect(result.otherLoad).toBe(0.5)
  expect(said).toContain('Other programs use 50 % of the processor: these figures will be doubtful.')
})

test('a process that ends is an error with what it printed', async () => {
  const failing = `process.stderr.write('no memory left'); process.exit(3)`
  const run = runGroup(group, {
    ...options,
    command: () => ({ command: process.execPath, args: ['-e', failing], env: process.env }),
  })
  await expect(run).rejects.toMatchObject({ code: 'worker-died', found: 'no memory left' })
})

test('a program that cannot be started is an error too', async () => {
  const run = runGroup(group, { ...options, command: () => ({ command: '/no/such/program', args: [], env: {} }) })
  await expect(run).rejects.toMatchObject({ code: 'worker-died', found: expect.stringContaining('ENOENT') })
})

test('each round another one begins', () => {
  expect([0, 1, 2, 3].map((round) => turnOrder(3, round))).toEqual([
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
    [0, 1, 2],
  ])
})

test('the median of an even number of rounds lies between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([9, 1, 5])).toBe(5)
})

test('both nets run in both precisions, and jemalloc only where it is', () => {
  const groups = benchGroups({ 'resnet20-cifar': 128, airbench94: 1024 }, false)
  expect(groups.map(({ net, precision }) => `${net} ${precision}`)).toEqual([
    'resnet20-cifar fp32',
    'resnet20-cifar bf16',
    'airbench94 fp32',
    'airbench94 bf16',
  ])
  const allocators = (jemalloc: boolean) =>
    benchGroups({ 'resnet20-cifar': 1, airbench94: 1 }, jemalloc)[1]?.contenders.map(({ id }) => id)
  expect(allocators(false)).toEqual(['ours', 'ours-augmented', 'torch-default', 'torch-whole-default'])
  expect(allocators(true)).toHaveLength(6)
})
