import { expect, test } from 'vitest'
import { type BenchNet, benchGroups, cifarNets, type Group } from './configurations.ts'
import { median, runGroup, turnOrder } from './run-group.ts'

// Answers as a contender does: so many thousandths of a second a step.
const program = `
  console.log('a line of some library')
  const parameters = Number(process.argv[2] ?? 7)
  console.log(JSON.stringify({ ready: true, threads: 2, parameters, versions: { x: '1' } }))
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
  expect(result.results[0]).toMatchObject({ threads: 2, parameters: 7, versions: { x: '1' }, median: 0.02 })
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

test('sides with unlike networks are not compared', async () => {
  const counts = { ours: '100', torch: '101' }
  const run = runGroup(group, {
    ...options,
    command: ({ side, arguments: args }) => ({
      command: process.execPath,
      args: ['-e', program, ...args, counts[side]],
      env: process.env,
    }),
  })
  await expect(run).rejects.toMatchObject({ code: 'internal', found: 'Ours: 100, Torch: 101' })
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

test('chosen nets run in both precisions, and jemalloc only where it is', () => {
  const groups = benchGroups({ nets: cifarNets, batches: { airbench94: 500 }, jemalloc: false })
  expect(groups.map(({ net, precision, batch }) => `${net} ${precision} ${batch}`)).toEqual([
    'resnet20-cifar fp32 128',
    'resnet20-cifar bf16 128',
    'airbench94 fp32 500',
    'airbench94 bf16 500',
  ])
  const contenders = (net: BenchNet, jemalloc: boolean) =>
    benchGroups({ nets: [net], jemalloc })[1]?.contenders.map(({ id }) => id)
  expect(contenders('airbench94', false)).toEqual(['ours', 'ours-augmented', 'torch-default', 'torch-whole-default'])
  expect(contenders('airbench94', true)).toHaveLength(6)
  expect(contenders('resnet50', true)).toEqual(['ours', 'torch-default', 'torch-jemalloc'])
})
