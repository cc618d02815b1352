import { expect, test } from 'vitest'
import type { Preflight, PreflightCheck } from '../../shared/api.ts'
import { type ErrorReport, RepriseError } from '../../shared/errors.ts'
import { startTestHost, type TestHost, until } from '../test-host/start-test-host.ts'

const lenet = { recipeId: 'mnist-lenet5', changes: {} as Record<string, unknown> }

function check(preflight: Preflight, id: PreflightCheck['id']): PreflightCheck {
  const found = preflight.checks.find((candidate) => candidate.id === id)
  if (!found) throw new Error(`no check ${id}`)
  return found
}

async function reportOf(call: Promise<unknown>): Promise<ErrorReport> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return (
    (error as { data?: { report?: ErrorReport } } | null)?.data?.report ?? { code: 'internal', message: 'no error' }
  )
}

const startWith = (host: TestHost, changes: Record<string, unknown>, recipeId = 'mnist-lenet5') =>
  reportOf(host.client.runs.start.mutate({ recipeId, changes }))

test('a recipe as it is passes, with its cost, its disk and its schedule', async () => {
  const host = await startTestHost()
  const preflight = await host.client.runs.preflight.query(lenet)
  expect(preflight.checks.map((line) => [line.id, line.blocking])).toEqual([
    ['engine', false],
    ['data', false],
    ['input', false],
    ['disk', false],
    ['memory', false],
    ['verdict', false],
    ['early-stop', false],
    ['changes', false],
  ])
  expect(check(preflight, 'engine')).toMatchObject({ state: 'pass', values: { version: '2.21.0' } })
  expect(check(preflight, 'data')).toMatchObject({
    state: 'note',
    values: { dataset: 'MNIST', downloadBytes: 11_500_000 },
  })
  expect(check(preflight, 'changes').state).toBe('pass')
  expect(preflight.seconds).toBeCloseTo(preflight.secondsPerSeed * 3, 6)
  expect(preflight.diskBytes).toBeGreaterThan(60e6)
  const schedule = preflight.schedule?.run ?? []
  expect(schedule.length).toBeGreaterThan(50)
  const { recipe } = await host.client.recipes.get.query({ id: lenet.recipeId })
  expect(Math.max(...schedule.map((point) => point.lr))).toBeCloseTo(recipe.config.optimizer.lr, 4)
  expect(preflight.schedule?.recipe).toEqual(schedule)
})

test('the disk that a run needs grows with the state of its optimizer and with an average of the weights', async () => {
  const host = await startTestHost()
  const need = async (changes: Record<string, unknown>) =>
    (await host.client.runs.preflight.query({ ...lenet, changes })).diskBytes
  const plain = await need({ 'optimizer.name': 'sgd', 'optimizer.momentum': 0 })
  // The weights of LeNet-5 in float32, in the last states of two seeds and in three of the one that trains.
  const copy = 60_850 * 4 * (2 + 3)
  expect((await need({ 'optimizer.name': 'sgd', 'optimizer.momentum': 0.9 })) - plain).toBe(copy)
  expect((await need({ 'optimizer.name': 'adamw' })) - plain).toBe(2 * copy)
  expect((await need({ 'optimizer.name': 'lamb', 'train.ema': 'timm' })) - plain).toBe(3 * copy)
})

test('checkpoints kept by epoch count, up to their limits', async () => {
  const host = await startTestHost()
  const need = async (changes: Record<string, unknown>) =>
    (await host.client.runs.preflight.query({ ...lenet, changes: { 'train.length': 20, ...changes } })).diskBytes
  const none = await need({})
  const weights = 60_850 * 4
  const seeds = 3
  expect((await need({ 'saving.every': 1 })) - none).toBe(20 * weights * seeds)
  expect((await need({ 'saving.every': 4 })) - none).toBe(5 * weights * seeds)
  expect((await need({ 'saving.every': 1, 'saving.keep': 2 })) - none).toBe(2 * weights * seeds)
  expect((await need({ 'saving.every': 1, 'saving.gigabytes': 0.001 })) - none).toBe(1e6 * seeds)
})

test('where the disk is too small, keeping fewer checkpoints and fewer seeds are offered with what they need', async () => {
  const host = await startTestHost({ freeBytes: async () => 10e6 })
  const changes = { 'saving.every': 1, 'saving.keep': 0 }
  const { fixes = [] } = check(await host.client.runs.preflight.query({ ...lenet, changes }), 'disk')
  expect(fixes.map(({ id }) => id)).toEqual(['keep-fewer', 'fewer-seeds'])
  for (const fix of fixes) {
    const mended = await host.client.runs.preflight.query({ ...lenet, changes: { ...changes, ...fix.changes } })
    expect(fix.values.bytes).toBe(check(mended, 'disk').values.neededBytes)
    expect(Number(fix.values.bytes)).toBeLessThan(
      Number((await host.client.runs.preflight.query({ ...lenet, changes })).diskBytes),
    )
  }
})

test('memory that is short is a note with what needs less, and the start is not refused', async () => {
  const host = await startTestHost({ freeMemoryBytes: () => 2e9 })
  const cifar = { recipeId: 'cifar10-resnet20', changes: { 'train.batchSize': 1024 } as Record<string, unknown> }
  const line = check(await host.client.runs.preflight.query(cifar), 'memory')
  expect(line).toMatchObject({ state: 'note', blocking: false, values: { freeBytes: 2e9, by: 'predicted' } })
  expect(line.fixes?.map(({ id }) => id)).toEqual(['checkpointing', 'accumulate', 'precision'])
  expect(line.fixes?.[1]).toMatchObject({
    changes: { 'train.batchSize': 512, 'train.accumulate': 2 },
    values: { batchNormPictures: 512 },
  })
  for (const fix of line.fixes ?? []) {
    const mended = await host.client.runs.preflight.query({ ...cifar, changes: { ...cifar.changes, ...fix.changes } })
    expect(fix.values.bytes).toBe(check(mended, 'memory').values.neededBytes)
    expect(Number(fix.values.bytes)).toBeLessThan(Number(line.values.neededBytes))
  }
  // Half the memory of the 1,024 pictures goes with half of them.
  expect(Number(line.values.neededBytes)).toBeGreaterThan(2e9)
  expect(check(await host.client.runs.preflight.query({ ...cifar, changes: {} }), 'memory').state).toBe('pass')
})

test('an early stop that looks at the test pictures is said, with the way out', async () => {
  const host = await startTestHost()
  const line = async (changes: Record<string, unknown>) =>
    check(await host.client.runs.preflight.query({ ...lenet, changes }), 'early-stop')
  expect(await line({})).toMatchObject({ state: 'pass', values: { every: 0 } })
  const bad = await line({ 'train.earlyStop': 5 })
  expect(bad).toMatchObject({ state: 'note', fixes: [{ id: 'judge-on-val', changes: { 'data.judgeOn': 'val' } }] })
  expect(await line({ 'train.earlyStop': 5, ...bad.fixes?.[0]?.changes })).toMatchObject({ state: 'pass' })
})

test('changes are listed with both values', async () => {
  const host = await startTestHost()
  const { recipe } = await host.client.recipes.get.query({ id: lenet.recipeId })
  const { lr } = recipe.config.optimizer
  const changes = { 'optimizer.lr': lr / 2, 'seeds.count': 5 }
  const preflight = await host.client.runs.preflight.query({ ...lenet, changes })
  expect(check(preflight, 'changes')).toMatchObject({ state: 'note', values: { count: 1 } })
  expect(preflight.changes).toEqual([{ key: 'optimizer.lr', label: 'Learning rate', recipe: lr, run: lr / 2 }])
})

test('one seed and pictures left out of the test set are said before the start', async () => {
  const host = await startTestHost()
  const reason = async (changes: Record<string, unknown>) =>
    check(await host.client.runs.preflight.query({ ...lenet, changes }), 'verdict')
  expect(await reason({ 'seeds.count': 1 })).toMatchObject({ state: 'note', values: { reason: 'one-seed' } })
  expect(await reason({ 'data.limitTest': 100 })).toMatchObject({
    state: 'note',
    values: { reason: 'test-set-differs' },
  })
})

test('a recipe on data that only the user can bring is planned, and its start refused with the way out', async () => {
  const host = await startTestHost()
  const preflight = await host.client.runs.preflight.query({ recipeId: 'imagenet-resnet50-he', changes: {} })
  const values = { dataset: 'ImageNet-1k', state: 'absent' }
  expect(check(preflight, 'data')).toMatchObject({ state: 'fail', blocking: true, values })
  expect(check(preflight, 'input')).toMatchObject({ state: 'pass', values: { shape: '', size: '224 × 224' } })
  expect(preflight.schedule?.run.length).toBeGreaterThan(50)
  expect(await startWith(host, {}, 'imagenet-resnet50-he')).toMatchObject({
    code: 'data-missing',
    fix: expect.stringContaining('datasets add PATH --id imagenet-1k'),
  })
  expect(await host.client.runs.list.query()).toEqual([])
})

test('a disk that is too small is said, and the start is refused with both figures', async () => {
  const host = await startTestHost({ freeBytes: async () => 10e6 })
  const preflight = await host.client.runs.preflight.query(lenet)
  expect(check(preflight, 'disk')).toMatchObject({ state: 'fail', blocking: true, values: { freeBytes: 10e6 } })
  const report = await startWith(host, {})
  expect(report).toMatchObject({ code: 'disk-too-small', found: '10 MB free' })
  expect(report.expected).toMatch(/^\d+ MB free$/)
  expect(await host.client.runs.list.query()).toEqual([])
})

test('without libtensorflow the start is refused with the way to get it', async () => {
  const missing = new RepriseError({ code: 'libtensorflow-missing', message: 'Not here.', fix: 'Run npm start.' })
  const host = await startTestHost({
    library: { find: () => Promise.reject(missing), install: () => Promise.reject(missing) },
  })
  expect(check(await host.client.runs.preflight.query(lenet), 'engine')).toMatchObject({
    state: 'fail',
    blocking: true,
  })
  expect(await startWith(host, {})).toEqual({
    code: 'libtensorflow-missing',
    message: 'Not here.',
    fix: 'Run npm start.',
  })
})

test('an install can be started from the app, shows its progress, and its failure is kept', async () => {
  const missing = new RepriseError({ code: 'libtensorflow-missing', message: 'Not here.' })
  const host = await startTestHost({
    library: {
      find: () => Promise.reject(missing),
      install: async ({ onProgress }) => {
        onProgress({ phase: 'download', doneBytes: 1, totalBytes: 2 })
        throw new RepriseError({ code: 'no-network', message: 'No network.' })
      },
    },
  })
  expect((await host.client.setup.installTensorflow.mutate()).tensorflow).toBe('installing')
  const failed = await until(() =>
    host.events.find((event) => event.type === 'setup' && event.setup.tensorflow === 'failed'),
  )
  expect(failed).toMatchObject({ setup: { error: { code: 'no-network' } } })
  expect(host.events.some((event) => event.type === 'setup' && event.setup.progress?.totalBytes === 2)).toBe(true)
})

test('unknown recipes, keys and data sets, and values out of range, are refused by name', async () => {
  const host = await startTestHost()
  expect(await startWith(host, {}, 'resnet-1000')).toMatchObject({ code: 'unknown-recipe', found: 'resnet-1000' })
  expect(await startWith(host, { 'optimizer.learningRate': 1 })).toMatchObject({
    code: 'unknown-config-key',
    found: 'optimizer.learningRate',
  })
  expect(await startWith(host, { 'train.batchSize': 0 })).toMatchObject({
    code: 'config-out-of-range',
    expected: 'a whole number from 1 to 65536',
    found: '0',
  })
  expect(await startWith(host, { 'data.dataset': 'imagenet' })).toMatchObject({
    code: 'unknown-dataset',
    found: 'imagenet',
  })
  expect(await startWith(host, { 'schedule.warmup': 1 })).toMatchObject({ code: 'config-out-of-range' })
  expect(await host.client.runs.list.query()).toEqual([])
})

test('runs that are not there, and actions that their state does not allow, are refused', async () => {
  const host = await startTestHost()
  expect(await reportOf(host.client.runs.get.query({ id: 'r-0042' }))).toMatchObject({
    code: 'unknown-run',
    found: 'r-0042',
  })
  const { id } = await host.client.runs.start.mutate({ ...lenet, name: 'finish' })
  await until(async () => (await host.client.runs.get.query({ id })).status === 'finished')
  expect(await reportOf(host.client.runs.stop.mutate({ runId: id, mode: 'now' }))).toMatchObject({
    code: 'not-allowed',
  })
  expect(await reportOf(host.client.runs.moveInQueue.mutate({ id, position: 1 }))).toMatchObject({
    code: 'not-allowed',
  })
  expect((await host.client.runs.rename.mutate({ id, name: ' Better name ' })).name).toBe('Better name')
})
