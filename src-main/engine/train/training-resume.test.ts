// A training that is broken off and goes on ends as one that was never broken off, to the last bit: at every step, in evaluations, with
// every kind of state; from the state before where the newest is damaged; and nothing is lost of what was reported.
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { RunConfigInput } from '../../shared/run-config.ts'
import type { EpochResult, SeedRecord } from '../../shared/worker-protocol.ts'
import type { PixelDataset } from '../data/dataset.ts'
import { temporaryFolder } from '../data/temporary-folder.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { listCheckpoints, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { madeUpConfig, madeUpData, recordReports } from './made-up-data-for-tests.ts'
import { newestState } from './saved-weights-for-tests.ts'
import { type SeedReports, trainSeed } from './seed-training.ts'
import { createTrainingControl } from './training-control.ts'
import { readCountersMetadata } from './training-state.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

type TrainingControls = ReturnType<typeof createTrainingControl>
type Interrupt = (control: TrainingControls, step: number) => void

interface Part {
  settings: RunConfigInput
  checkpoints: string
  /** Called after each step; the state is saved after each step then. */
  onStep?: Interrupt
  onEvaluation?: Interrupt
  reports?: Partial<SeedReports>
  change?: { lrScale: number }
  data?: PixelDataset
}

/** One process's share of a training. */
async function part({ settings, checkpoints, onStep, onEvaluation, reports: more, change, data = madeUpData }: Part) {
  const control = createTrainingControl()
  let step = 0
  const { record, reports } = recordReports({
    phase: (phase, done) => phase === 'evaluating' && done === 0 && onEvaluation?.(control, step),
    checkpoint: (entry) => {
      step = entry.step
      if (entry.kind === 'state') onStep?.(control, step)
    },
    ...more,
  })
  const saving = onStep ? { seconds: 0 } : {}
  const config = madeUpConfig({ ...settings, saving: { ...saving, ...settings.saving } })
  const end = await trainSeed(runtime, data, config, 1, reports, control, {
    checkpoints,
    ...(change ? { change } : {}),
  })
  return { ...end, record }
}

/** Everything of the newest state that is no time: tensors as bytes, counters, evaluations. */
function stateOf(checkpoints: string) {
  const { tensors, metadata, entry } = newestState(checkpoints)
  const { counters, epochs } = readCountersMetadata({ tensors, metadata }, entry.file)
  const { trainSeconds: _, seconds: __, bestFile: ___, ...counted } = counters
  return {
    tensors: new Map(tensors.map(({ name, data }) => [name, Buffer.from(data).toString('base64')])),
    counted,
    epochs: epochs.map(withoutTime),
  }
}

const withoutTime = ({ trainSeconds: _, ...result }: EpochResult) => result

const pauseAt =
  (...steps: number[]): Interrupt =>
  (control, step) => {
    if (steps.includes(step)) control.requestPause('free-device')
  }

/** The end of a training that was never broken off. */
async function straightEnd(settings: RunConfigInput) {
  const checkpoints = temporaryFolder()
  const { record } = await part({ settings, checkpoints })
  return { ...stateOf(checkpoints), record }
}

let plain: ReturnType<typeof straightEnd> | undefined
/** The same of the settings as they are, made once. */
const plainEnd = () => {
  plain ??= straightEnd({})
  return plain
}

function expectSameEnd(found: ReturnType<typeof stateOf>, expected: ReturnType<typeof stateOf>) {
  expect(found.counted).toEqual(expected.counted)
  expect(found.epochs).toEqual(expected.epochs)
  expect([...found.tensors.keys()]).toEqual([...expected.tensors.keys()])
  for (const [name, bytes] of found.tensors) expect(bytes === expected.tensors.get(name), name).toBe(true)
}

const everything: [string, RunConfigInput][] = [
  ['SGD with momentum', {}],
  [
    'AdamW with a timm average',
    {
      optimizer: { name: 'adamw', lr: 0.005, weightDecay: 0.05 },
      train: { ema: 'timm', emaDecay: 0.9, emaWarmup: true },
    },
  ],
  [
    'a torchvision average, lookahead and label smoothing',
    { optimizer: { lookaheadEvery: 3 }, train: { ema: 'torchvision', emaEvery: 2, labelSmoothing: 0.1 } },
  ],
  [
    'LAMB, several batches to a step, clipped',
    { optimizer: { name: 'lamb', lr: 0.02, clip: 'norm' }, train: { accumulate: 2, batchSize: 32 } },
  ],
  ['a plateau', { schedule: { name: 'plateau', patience: 0, gamma: 0.5 }, train: { length: 3 } }],
  ['bfloat16', { compute: { precision: 'bf16' } }],
  ['cutout', { augment: { cutout: 8 } }],
  ['an early stop', { optimizer: { lr: 0 }, train: { earlyStop: 2, length: 6 } }],
]

test.each(everything)('%s goes on to the same bits', { timeout: 120_000 }, async (_, settings) => {
  const checkpoints = temporaryFolder()
  const first = await part({ settings, checkpoints, onStep: pauseAt(3) })
  expect(first).toMatchObject({ ended: 'paused', result: null })
  expect(newestState(checkpoints).entry.step).toBe(3)
  const last = await part({ settings, checkpoints })
  expect(last.ended).toBe('finished')
  expect(last.result?.stopped).toBe(false)
  expectSameEnd(stateOf(checkpoints), await straightEnd(settings))
})

test('pauses around every evaluation and in it change nothing', { timeout: 120_000 }, async () => {
  const checkpoints = temporaryFolder()
  const onEvaluation: Interrupt = (control) => control.requestPause('free-device')
  for (const step of [1, 4, 5, 6, 9]) {
    if (step === 5) expect((await part({ settings: {}, checkpoints, onEvaluation })).ended).toBe('paused')
    expect((await part({ settings: {}, checkpoints, onStep: pauseAt(step) })).ended).toBe('paused')
    expect(newestState(checkpoints).entry.step).toBe(step)
  }
  expect((await part({ settings: {}, checkpoints, onEvaluation })).ended).toBe('paused')
  expect((await part({ settings: {}, checkpoints })).ended).toBe('finished')
  expectSameEnd(stateOf(checkpoints), await plainEnd())
})

test('a pause that keeps the device waits, and goes on in the same process', async () => {
  const checkpoints = temporaryFolder()
  const told: (string | number)[] = []
  const { ended, record } = await part({
    settings: {},
    checkpoints,
    onStep: (control, step) => {
      if (step !== 4 || told.length > 0) return
      control.requestPause('keep-device')
      setTimeout(() => {
        told.push('waited')
        control.requestContinue()
      }, 100)
    },
    reports: { paused: (step) => told.push(step), continued: () => told.push('continued') },
  })
  expect(ended).toBe('finished')
  expect(told).toEqual([4, 'waited', 'continued'])
  const straight = await plainEnd()
  expectSameEnd(stateOf(checkpoints), straight)
  expect(record.points).toEqual(straight.record.points)
})

test('a training that waits with its device frees it when that is asked for meanwhile', async () => {
  const checkpoints = temporaryFolder()
  const told: string[] = []
  const { ended } = await part({
    settings: {},
    checkpoints,
    onStep: (control, step) => {
      if (step !== 4) return
      control.requestPause('keep-device')
      setTimeout(() => control.requestPause('free-device'), 50)
    },
    reports: { paused: (step) => told.push(`paused ${step}`), continued: () => told.push('continued') },
  })
  expect(ended).toBe('paused')
  expect(told).toEqual(['paused 4'])
})

test.each([
  ['at once', (control) => control.requestStop('now')],
  ['after the epoch', (control) => control.requestStop('epoch')],
] as const satisfies [string, Interrupt][])(
  'a training that was stopped %s goes on',
  { timeout: 120_000 },
  async (_, stop) => {
    const settings = { model: { name: 'lenet5' }, norm: { reestimate: 2 }, train: { length: 3 } } as const
    const checkpoints = temporaryFolder()
    const { ended } = await part({
      settings,
      checkpoints,
      onStep: (control, step) => step === 3 && stop(control),
    })
    expect(ended).toBe('stopped')
    expect((await part({ settings, checkpoints })).ended).toBe('finished')
    expectSameEnd(stateOf(checkpoints), await straightEnd(settings))
  },
)

test('what was reported comes again from the state, all of it', async () => {
  const checkpoints = temporaryFolder()
  const first = await part({ settings: {}, checkpoints, onStep: pauseAt(7) })
  const records: SeedRecord[] = []
  const reports: Partial<SeedReports> = { resumed: (_, __, record) => records.push(record) }
  const last = await part({ settings: {}, checkpoints, reports })
  const numbers = first.record.points.flatMap(({ step, epoch, loss, lr }) => [step, epoch, loss, lr])
  expect([...(records[0]?.points ?? [])]).toEqual(numbers)
  expect(records[0]?.epochs).toEqual(first.record.epochs)
  const straight = await plainEnd()
  expect([...first.record.points, ...last.record.points]).toEqual(straight.record.points)
})

const damages: [string, (path: string, json: string) => void][] = [
  ['is cut off', (path) => truncateSync(path, 1000)],
  ['is empty', (path) => truncateSync(path, 0)],
  ['has a flipped bit', (path) => flip(path)],
  ['is gone', (path) => rmSync(path)],
  ['has a JSON that is cut off', (_, json) => truncateSync(json, 20)],
  [
    'has a JSON that names a file outside',
    (_, json) => {
      writeFileSync(json, readFileSync(json, 'utf8').replace(/"file": "/, '"file": "../'))
    },
  ],
]

function flip(path: string): void {
  const bytes = readFileSync(path)
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

test('a newest state that is damaged in any way is passed over for the one before, and that is said', {
  timeout: 120_000,
}, async () => {
  const straight = await plainEnd()
  const paused = temporaryFolder()
  await part({ settings: {}, checkpoints: paused, onStep: pauseAt(7) })
  for (const [words, damage] of damages) {
    const checkpoints = temporaryFolder()
    cpSync(paused, checkpoints, { recursive: true })
    const { entry } = newestState(checkpoints)
    const path = join(checkpoints, entry.file)
    damage(path, path.replace('safetensors', 'json'))
    let from: [number, string[]] | null = null
    const resumed: NonNullable<SeedReports['resumed']> = ({ step }, _, __, skipped) => {
      from = [step, skipped.map(({ file }) => file)]
    }
    await part({ settings: {}, checkpoints, reports: { resumed } })
    expect(from, words).toEqual([6, [entry.file]])
    expectSameEnd(stateOf(checkpoints), straight)
  }
})

test('where every state is damaged the seed begins anew, and that is said', async () => {
  const checkpoints = temporaryFolder()
  await part({ settings: {}, checkpoints, onStep: pauseAt(7) })
  for (const { file } of listCheckpoints(checkpoints, 1).entries) truncateSync(join(checkpoints, file), 9)
  const { record } = await part({ settings: {}, checkpoints })
  expect(record.alerts).toEqual(['checkpoint-damaged', 'checkpoint-damaged'])
  const straight = await plainEnd()
  expect(record.points).toEqual(straight.record.points)
  expectSameEnd(stateOf(checkpoints), straight)
})

test('a state from which something is missing sets nothing back: the seed begins anew as if there were none', async () => {
  const checkpoints = temporaryFolder()
  await part({ settings: {}, checkpoints, onStep: pauseAt(7) })
  for (const entry of listCheckpoints(checkpoints, 1).entries.filter(({ kind }) => kind === 'state')) {
    const { tensors, metadata } = readCheckpoint(checkpoints, entry)
    const weights = tensors.filter(({ name }) => !name.startsWith('optimizer.'))
    writeCheckpoint(checkpoints, entry, weights, metadata)
  }
  const { record } = await part({ settings: {}, checkpoints })
  expect(record.alerts).toEqual(['checkpoint-damaged', 'checkpoint-damaged'])
  expectSameEnd(stateOf(checkpoints), await plainEnd())
})

test('what a killed writing leaves is no checkpoint, and is taken away', async () => {
  const checkpoints = temporaryFolder()
  await part({ settings: {}, checkpoints, onStep: pauseAt(7) })
  const { entry } = newestState(checkpoints)
  const later = entry.file.replace(/-(\d+)\.safetensors$/, (_, number) => `-${Number(number) + 1}.safetensors`)
  writeFileSync(join(checkpoints, later), 'half a file')
  writeFileSync(join(checkpoints, `${later}.part`), 'half a file')
  // Of versions before, which kept one manifest for all.
  writeFileSync(join(checkpoints, 'seed-1-last.safetensors'), 'weights')
  await part({ settings: {}, checkpoints })
  const names = readdirSync(checkpoints)
  expect(names).toContain('seed-1-last.safetensors')
  expect(names.filter((name) => name.endsWith('.part'))).toEqual([])
  expectSameEnd(stateOf(checkpoints), await plainEnd())
})

test('only what a state refers to stays: two states while it trains, one at its end, the best, and epochs as asked for', async () => {
  const checkpoints = temporaryFolder()
  const settings = { train: { length: 6 }, saving: { every: 1, keep: 2 } }
  const kinds = () => Object.groupBy(listCheckpoints(checkpoints, 1).entries, ({ kind }) => kind)
  await part({ settings, checkpoints, onStep: pauseAt(17) })
  expect(kinds().state?.map(({ step }) => step)).toEqual([16, 17])
  await part({ settings, checkpoints })
  const { state, best, epoch } = kinds()
  expect(state?.map(({ step }) => step)).toEqual([30])
  const { counters } = readCountersMetadata(newestState(checkpoints), 'state')
  expect(best?.map(({ file }) => file)).toEqual([counters.bestFile])
  expect(best?.[0]?.top1).toBe(counters.best?.top1)
  expect(epoch?.map((entry) => entry.epoch)).toEqual([5, 6])
})

test('a rate that is changed on the way is kept with the state', async () => {
  const checkpoints = temporaryFolder()
  await part({ settings: {}, checkpoints, onStep: pauseAt(3) })
  const changes: object[] = []
  const reports: Partial<SeedReports> = { change: ({ at: _, ...change }) => changes.push(change) }
  const changed = await part({
    settings: {},
    checkpoints,
    change: { lrScale: 0.1 },
    onStep: pauseAt(5),
    reports: { ...reports },
  })
  expect(changes).toEqual([{ seed: 1, step: 3, by: 'user', lrScale: 0.1 }])
  const last = await part({ settings: {}, checkpoints })
  const { points } = (await plainEnd()).record
  const rates = [...changed.record.points, ...last.record.points].map(({ lr }) => lr)
  expect(rates).toEqual(points.slice(3).map(({ lr }) => lr * 0.1))
})

test('a step with a value that is not finite is not taken: the state before it is whole', async () => {
  const checkpoints = temporaryFolder()
  // Pictures of a single grey, said to have no spread.
  const grey = { ...madeUpData.train, images: new Uint8Array(madeUpData.train.images.length).fill(100) }
  const failing = part({ settings: {}, checkpoints, data: { ...madeUpData, std: [0], train: grey } })
  await expect(failing).rejects.toMatchObject({ code: 'not-finite', details: { step: 1, layer: 'input' } })
  const { entry, tensors } = newestState(checkpoints)
  expect(entry.step).toBe(0)
  for (const { name, data } of tensors) {
    expect(new Float32Array(data.slice().buffer).every(Number.isFinite), name).toBe(true)
  }
})

test('a run that may lower its rate goes back and on at half the rate until it holds, and says so', async () => {
  const checkpoints = temporaryFolder()
  // Decay times rate above 2 makes the weights grow without bound.
  const settings = {
    train: { length: 20, onNotFinite: 'lower-rate' },
    optimizer: { lr: 0.5, momentum: 0, weightDecay: 10 },
    schedule: { name: 'constant' },
  } as const
  const changes: (number | undefined)[] = []
  const reports: Partial<SeedReports> = { change: ({ by, lrScale }) => by === 'run' && changes.push(lrScale) }
  const { ended, record } = await part({ settings, checkpoints, reports })
  expect(ended).toBe('finished')
  expect(changes.length).toBeGreaterThan(0)
  expect(new Set(changes)).toEqual(new Set([0.5]))
  expect(record.alerts.filter((kind) => kind === 'rate-lowered')).toHaveLength(changes.length)
  const { counters } = readCountersMetadata(newestState(checkpoints), 'state')
  expect(counters).toMatchObject({ step: 100, rollbacks: changes.length, lrScale: 0.5 ** changes.length })
})
