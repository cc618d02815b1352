import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resourcesFolder } from '../../launch/resources.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { EpochResult, StepPoint, WorkerToHost } from '../../shared/worker-protocol.ts'
import { recipeNamed } from '../test-host/stored-run.ts'
import { createTrainingHints, nextDropEpoch, type TrainingHint } from './training-hints.ts'

interface Curves {
  totalSteps: number
  stepsPerEpoch: number
  points: StepPoint[]
  epochs: EpochResult[]
}

/** Gives the curves to the hints as a worker would, in the order of steps; @returns what was said, with the epoch of it. */
function hintsOf(config: RunConfig, { totalSteps, stepsPerEpoch, points, epochs }: Curves) {
  const hints = createTrainingHints(config)
  const said: (TrainingHint & { epoch: number })[] = []
  const give = (message: WorkerToHost, epoch: number) => {
    for (const hint of hints.report(message)) said.push({ ...hint, epoch })
  }
  give({ type: 'seed-start', seed: 1, totalSteps, stepsPerEpoch, parameters: 1 }, 0)
  let given = 0
  for (const result of epochs) {
    const fresh = points.slice(given).filter(({ step }) => step <= result.step)
    given += fresh.length
    give({ type: 'steps', seed: 1, points: fresh, ...clock }, result.epoch)
    give({ type: 'epoch', result }, result.epoch)
  }
  return said
}
const clock = { step: 1, imagesPerSecond: 1, stepSeconds: 1, secondsLeft: 1 }

interface StoredSeed {
  epochs: EpochResult[]
  /** Step and loss, now and then. */
  loss: [number, number][]
}

/** Curves of a committed result; each point stands for the steps since the one before it. */
function committed(file: string): (Curves & { seed: number })[] {
  const { seeds } = JSON.parse(readFileSync(join(resourcesFolder(), 'results', file), 'utf8')) as {
    seeds: StoredSeed[]
  }
  return seeds.map(({ epochs, loss }, index) => {
    const last = epochs.at(-1)
    const first = epochs[0]
    if (!last || !first) throw new Error(`${file} has no evaluations`)
    const points = loss.flatMap(([step, value], at) => {
      const before = loss[at - 1]?.[0] ?? 0
      return Array.from({ length: step - before }, (_, n) => ({ step: before + n + 1, epoch: 0, loss: value, lr: 1 }))
    })
    return { seed: index, totalSteps: last.step, stepsPerEpoch: first.step / first.epoch, points, epochs }
  })
}

test.each([
  ['cifar10-resnet20', 'cifar10-resnet20-bf16.json'],
  ['cifar10-airbench94', 'cifar10-airbench94-bf16.json'],
  ['cifar10-airbench94', 'cifar10-airbench94-fp32.json'],
])('nothing is said of the healthy training of %s in %s', (recipe, file) => {
  for (const curves of committed(file)) expect(hintsOf(recipeNamed(recipe).config, curves)).toEqual([])
})

/** Curves that PyTorch made: sound trainings, and others with a setting that makes them ill (tools/oracle/training_curves.py). */
const oracle = JSON.parse(
  readFileSync(new URL('../../../tools/oracle/values/training-curves.json', import.meta.url), 'utf8'),
) as Record<string, { stepsPerEpoch: number; losses: number[]; epochs: [number, number, number, number, number][] }>

function torchCurves(name: string): Curves {
  const found = oracle[name]
  if (!found) throw new Error(`no curves of ${name}`)
  const { stepsPerEpoch, losses, epochs } = found
  return {
    stepsPerEpoch,
    totalSteps: losses.length,
    points: losses.map((loss, index) => ({
      step: index + 1,
      epoch: (index + 1) / stepsPerEpoch,
      loss,
      lr: epochs[Math.floor(index / stepsPerEpoch)]?.[4] ?? 0,
    })),
    epochs: epochs.map(([trainLoss, trainTop1, testLoss, testTop1], index) => ({
      seed: 1,
      epoch: index + 1,
      step: (index + 1) * stepsPerEpoch,
      trainLoss,
      trainTop1,
      testLoss,
      testTop1,
      testTop5: 1,
      trainSeconds: index,
      final: false,
    })),
  }
}

const lenet = recipeNamed('mnist-lenet5').config

/** The recipe's config with drops after these epochs. */
function droppingAt(milestones: number[]): RunConfig {
  const { schedule, train } = lenet
  return {
    ...lenet,
    train: { ...train, lengthUnit: 'epochs' },
    schedule: { ...schedule, name: 'multi-step', milestones },
  }
}

test('nothing is said of a training whose rate decays, nor of warm restarts, whose loss rises for a while', () => {
  expect(hintsOf(lenet, torchCurves('cosine'))).toEqual([])
  expect(hintsOf(lenet, torchCurves('restarts'))).toEqual([])
})

test('a training that stands still is told with its next drop, once', () => {
  const [flat, ...more] = hintsOf(droppingAt([50]), torchCurves('flat'))
  expect(more).toEqual([])
  expect(flat).toMatchObject({ kind: 'flat', values: { epochs: 10, nextDropEpoch: 50 } })
  expect(flat?.epoch).toBeLessThan(25)
  // Ten epochs at its second rate brought this one nothing either.
  expect(hintsOf(droppingAt([8, 30]), torchCurves('steps'))).toMatchObject([
    { kind: 'flat', values: { nextDropEpoch: 30 } },
  ])
  expect(hintsOf(lenet, torchCurves('flat'))).toMatchObject([{ kind: 'flat', values: { nextDropEpoch: 0 } }])
})

test('over-fitting is told with the best epoch, before most of the time is spent', () => {
  const [hint, ...more] = hintsOf(lenet, torchCurves('over-fitting'))
  expect(more).toEqual([])
  expect(hint?.kind).toBe('over-fitting')
  const { epochs } = torchCurves('over-fitting')
  const best = epochs.reduce((a, b) => (b.testTop1 > a.testTop1 ? b : a))
  expect(hint?.values.bestEpoch).toBe(best.epoch)
  expect(hint?.epoch).toBeLessThan(30)
})

test('divergence is told soon after the rate became too high, with the loss of before', () => {
  const [hint, ...more] = hintsOf(lenet, torchCurves('diverging'))
  expect(more).toEqual([])
  expect(hint?.kind).toBe('diverging')
  expect(hint?.values.step).toBeGreaterThan(8 * 60)
  expect(hint?.values.step).toBeLessThan(12 * 60)
  expect(hint?.values.before).toBeCloseTo(0.5, 1)
  expect(hint?.values.loss).toBeGreaterThan(1)
})

test('a wait for data above 15 % over a minute is told once per seed', () => {
  const hints = createTrainingHints(lenet)
  const sample = (dataWait: number) => hints.report({ type: 'machine', sample: { cpu: 1, rssBytes: 1, dataWait } })
  const start = (seed: number) => {
    hints.report({ type: 'seed-start', seed, totalSteps: 100, stepsPerEpoch: 10, parameters: 1 })
    hints.report({ type: 'phase', phase: 'training', seed })
  }
  const minute = (share: number) => Array.from({ length: 30 }, () => sample(share)).flat()
  start(1)
  expect(minute(0.14)).toEqual([])
  expect(minute(0.3)).toHaveLength(1)
  expect(minute(0.3)).toEqual([])
  start(2)
  hints.report({ type: 'phase', phase: 'evaluating', seed: 2 })
  expect(minute(0.9)).toEqual([])
  hints.report({ type: 'phase', phase: 'training', seed: 2 })
  expect(minute(0.2)).toMatchObject([{ kind: 'slow-data' }])
})

test('what was said before a run was broken off is not said again when it goes on', () => {
  const curves = torchCurves('over-fitting')
  const said = hintsOf(lenet, curves)
  const hints = createTrainingHints(lenet)
  const { totalSteps, stepsPerEpoch } = curves
  hints.report({ type: 'seed-start', seed: 1, totalSteps, stepsPerEpoch, parameters: 1 })
  const goOn = (epoch: number) => {
    const step = epoch * stepsPerEpoch
    const points = Float64Array.from(
      curves.points.slice(0, step).flatMap((point) => [point.step, point.epoch, point.loss, point.lr]),
    )
    const record = { points, epochs: curves.epochs.slice(0, epoch) }
    const none = { trainSeconds: 1, skipped: [] }
    expect(hints.report({ type: 'resumed', seed: 1, step, epoch, record, ...none })).toEqual([])
    return curves.epochs.slice(epoch).flatMap((result) => hints.report({ type: 'epoch', result }))
  }
  const at = said[0]?.epoch ?? 0
  expect(goOn(at + 1)).toEqual([])
  hints.report({ type: 'seed-start', seed: 1, totalSteps, stepsPerEpoch, parameters: 1 })
  expect(goOn(at - 2)).toMatchObject([{ kind: 'over-fitting' }])
})

test('the next drop is where the schedule falls all at once', () => {
  const next = (config: RunConfig, fromStep: number) =>
    nextDropEpoch(config, { totalSteps: 1000, stepsPerEpoch: 10, fromStep })
  expect(next(droppingAt([30, 60]), 0)).toBe(30)
  expect(next(droppingAt([30, 60]), 300)).toBe(30)
  expect(next(droppingAt([30, 60]), 301)).toBe(60)
  expect(next(droppingAt([30, 60]), 601)).toBe(0)
  expect(next({ ...lenet, schedule: { ...lenet.schedule, name: 'cosine' } }, 0)).toBe(0)
})
