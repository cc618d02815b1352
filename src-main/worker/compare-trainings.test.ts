// Saved trainings made by hand: what is equal, and what each kind of difference is called.
import { mkdirSync, readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import { writeCheckpoint } from '../engine/train/checkpoint.ts'
import { createSeedRecord } from '../engine/train/seed-record.ts'
import { countersMetadata, firstCounters, type TrainingCounters } from '../engine/train/training-state.ts'
import { compareTrainings } from './compare-trainings.ts'

interface Differences {
  weight?: number
  loss?: number
  rate?: number
  top1?: number
  counters?: Partial<TrainingCounters>
  names?: string[]
}

/** A run with a state of three weights, two steps and an evaluation, and the best weights. */
function savedRun({
  weight = 1,
  loss = 0.5,
  rate = 0.1,
  top1 = 0.9,
  counters,
  names = ['fc.weight'],
}: Differences = {}) {
  const folder = temporaryFolder()
  const dir = join(folder, 'checkpoints')
  mkdirSync(dir)
  const tensors = names.map((name) => ({
    name,
    dtype: 'F32' as const,
    shape: [3],
    data: Float32Array.of(weight, Number.NaN, -0),
  }))
  const record = createSeedRecord()
  record.step({ step: 1, epoch: 0.5, loss: 2, lr: rate })
  record.step({ step: 2, epoch: 1, loss, lr: 0.2 })
  record.epoch({
    seed: 1,
    epoch: 1,
    step: 2,
    trainLoss: 1,
    trainTop1: 0.8,
    testLoss: 1,
    testTop1: top1,
    testTop5: 1,
    trainSeconds: performance.now(),
    final: true,
  })
  const at = { seed: 1, step: 2, epoch: 1, averaged: false, top1 }
  const state = { ...firstCounters(), step: 2, trainSeconds: performance.now(), bestFile: `${folder}`, ...counters }
  const metadata = countersMetadata(state, record.epochs)
  writeCheckpoint(dir, { ...at, file: 'seed-1-step-2-best-1.safetensors', kind: 'best' }, tensors, {})
  const file = 'seed-1-step-2-state-2.safetensors'
  writeCheckpoint(dir, { ...at, file, kind: 'state' }, [...tensors, record.tensor()], metadata)
  return folder
}

test('trainings that differ in times and file names alone are equal', () => {
  expect(compareTrainings(savedRun(), savedRun(), 1)).toEqual({
    equal: true,
    tensors: 3,
    bytes: 3 * 4 + 2 * 4 * 8 + 3 * 4,
    reports: 3,
    maxDifference: 0,
    firstDifference: null,
  })
})

const lastBit = 1 + 2 ** -23
test.each<[string, Differences, string, number]>([
  ['the last bit of a weight', { weight: lastBit }, 'state: fc.weight', 2 ** -23],
  ['the last bit of a loss', { loss: 0.5 + 2 ** -53 }, 'state: record.points', 2 ** -53],
  ['a learning rate', { rate: 0.2 }, 'state: record.points', 0.1],
  ['a figure of an evaluation', { top1: 0.75 }, 'evaluations.0.testTop1', 0.9 - 0.75],
  ['a sum', { counters: { sums: { loss: 3, correct: 0, pictures: 0 } } }, 'counters.sums.loss', 3],
  ['a weight that is no number', { weight: Number.NaN }, 'state: fc.weight', Number.MAX_VALUE],
  ['a tensor that one lacks', { names: ['fc.weight', 'fc.bias'] }, 'state: fc.bias', Number.MAX_VALUE],
])('%s is told by name and size', (_what, differences, name, size) => {
  const compared = compareTrainings(savedRun(), savedRun(differences), 1)
  expect(compared).toMatchObject({ equal: false, firstDifference: name })
  expect(compared.maxDifference).toBeCloseTo(size, 15)
  expect(compareTrainings(savedRun(differences), savedRun(), 1).equal).toBe(false)
})

test('a zero of the other sign is a difference of no size', () => {
  const compared = compareTrainings(savedRun({ weight: 0 }), savedRun({ weight: -0 }), 1)
  expect(compared).toMatchObject({ equal: false, maxDifference: 0, firstDifference: 'state: fc.weight' })
})

test('a file that is not whole, and a run that has saved nothing, are no comparison', () => {
  const folder = savedRun()
  const dir = join(folder, 'checkpoints')
  for (const file of readdirSync(dir)) if (file.endsWith('state-2.safetensors')) truncateSync(join(dir, file), 100)
  expect(() => compareTrainings(savedRun(), folder, 1)).toThrow(expect.objectContaining({ code: 'checkpoint-damaged' }))
  expect(() => compareTrainings(savedRun(), temporaryFolder(), 1)).toThrow(
    expect.objectContaining({ code: 'data-missing' }),
  )
})
