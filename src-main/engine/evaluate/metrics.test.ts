import { expect, test } from 'vitest'
import { topKOracle } from '../../../tools/oracle/read-values.ts'
import { addEvaluationBatch, evaluationFigures, noEvaluationSums } from './metrics.ts'

const oracle = topKOracle()

test('top-1, top-5 and loss of a batch agree with PyTorch', () => {
  const sums = addEvaluationBatch(noEvaluationSums, Float32Array.from(oracle.logits), oracle.labels, oracle.classes)
  expect(sums.top1).toBe(oracle.top1)
  expect(sums.top5).toBe(oracle.top5)
  expect(evaluationFigures(sums).loss).toBeCloseTo(oracle.loss, 12)
})

test('batches of different sizes add up to the figures of the whole', () => {
  const { classes, logits, labels } = oracle
  const whole = addEvaluationBatch(noEvaluationSums, logits, labels, classes)
  const first = addEvaluationBatch(noEvaluationSums, logits.slice(0, 7 * classes), labels.slice(0, 7), classes)
  const both = addEvaluationBatch(first, logits.slice(7 * classes), labels.slice(7), classes)
  expect(both.top1).toBe(whole.top1)
  expect(both.top5).toBe(whole.top5)
  expect(evaluationFigures(both).loss).toBeCloseTo(evaluationFigures(whole).loss, 12)
})

test('of equal logits the lower class stands first', () => {
  const figures = (label: number) =>
    evaluationFigures(addEvaluationBatch(noEvaluationSums, [1, 1, 1, 1, 1, 1], [label], 6))
  expect(figures(0)).toMatchObject({ top1: 1, top5: 1 })
  expect(figures(4)).toMatchObject({ top1: 0, top5: 1 })
  expect(figures(5)).toMatchObject({ top1: 0, top5: 0 })
})

test('a picture with NaN logits counts as wrong and makes the loss NaN', () => {
  const nan = evaluationFigures(addEvaluationBatch(noEvaluationSums, [Number.NaN, Number.NaN], [0], 2))
  expect(nan.top1).toBe(0)
  expect(nan.loss).toBeNaN()
  expect(addEvaluationBatch(noEvaluationSums, [2, Number.NaN], [0], 2).top1).toBe(0)
})

test('huge logits keep a finite loss', () => {
  expect(addEvaluationBatch(noEvaluationSums, [5000, -5000], [1], 2).loss).toBe(10_000)
})

test('logits of the wrong size and an empty evaluation are refused', () => {
  expect(() => addEvaluationBatch(noEvaluationSums, [1, 2, 3], [0], 2)).toThrow('Expected 1 x 2 logits, found 3.')
  expect(() => evaluationFigures(noEvaluationSums)).toThrow('at least one picture')
})
