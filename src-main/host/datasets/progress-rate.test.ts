import { expect, test } from 'vitest'
import { createRate } from './progress-rate.ts'

function rateAt() {
  let time = 0
  const rate = createRate(() => time)
  return (seconds: number, done: number, total = 1000, text = 'Reading') => {
    time = seconds * 1000
    return rate({ text, done, total })
  }
}

test('nothing is foretold in the first seconds', () => {
  const rate = rateAt()
  expect(rate(0, 0)).toEqual({ perSecond: null, secondsLeft: null })
  expect(rate(2.9, 500)).toEqual({ perSecond: null, secondsLeft: null })
})

test('the rate so far foretells the rest', () => {
  const rate = rateAt()
  rate(0, 0)
  expect(rate(5, 100)).toEqual({ perSecond: 20, secondsLeft: 45 })
})

test('what was done before a resume is not counted as fast work', () => {
  const rate = rateAt()
  rate(0, 900)
  expect(rate(10, 910)).toEqual({ perSecond: 1, secondsLeft: 90 })
})

test('every part of the work has its own rate', () => {
  const rate = rateAt()
  rate(0, 0)
  rate(10, 1000)
  expect(rate(10, 0, 50, 'Comparing').perSecond).toBeNull()
  expect(rate(20, 10, 50, 'Comparing')).toEqual({ perSecond: 1, secondsLeft: 40 })
})

test('without a total there is a rate but no end', () => {
  const rate = rateAt()
  rate(0, 0, 0)
  expect(rate(10, 100, 0)).toEqual({ perSecond: 10, secondsLeft: null })
})
