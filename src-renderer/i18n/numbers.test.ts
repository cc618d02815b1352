import { describe, expect, test } from 'vitest'
import { missing, numbersFor } from './numbers.ts'

const en = numbersFor('en')
const zh = numbersFor('zh')
/** No-break spaces as plain ones, so that expectations read like the screen. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('accuracies', () => {
  test('are percent with two decimals and a no-break space', () => {
    expect(en.percent(0.9303)).toBe('93.03\u00a0%')
    expect(plain(en.percent(0.753, 1))).toBe('75.3 %')
    expect(en.percentValue(0.9)).toBe('90.00')
  })

  test('mean and spread share decimals and the unit stands once', () => {
    expect(plain(en.meanStd(0.9307, 0.0014))).toBe('93.07 ± 0.14 %')
    expect(plain(en.meanStd(0.9307, null))).toBe('93.07 %')
    expect(plain(en.tolerance(0.003))).toBe('± 0.30')
  })

  test('differences are signed with a real minus, in percentage points', () => {
    expect(plain(en.difference(-0.0062))).toBe('−0.62 pp')
    expect(plain(en.difference(0.0004))).toBe('+0.04 pp')
    expect(plain(en.difference(-0.00001))).toBe('0.00 pp')
    expect(plain(zh.difference(-0.0062))).toBe('−0.62 个百分点')
  })

  test('confidence never says 100.0 unless it is exact', () => {
    expect(plain(en.confidence(0.99996))).toBe('99.9 %')
    expect(plain(en.confidence(1))).toBe('100.0 %')
  })
})

describe('losses and rates', () => {
  test('losses have four significant digits and turn scientific below 0.001', () => {
    expect([0.2613, 2.3047, 12.345, 0.00071, 0, 123456].map((v) => en.loss(v))).toEqual([
      '0.2613',
      '2.305',
      '12.35',
      '7.1e-4',
      '0',
      '1.235e5',
    ])
  })

  test('rates are written as recipes write them', () => {
    expect([0.1, 1e-4, 0.0005, 0.04567891].map((v) => en.rate(v))).toEqual(['0.1', '1e-4', '5e-4', '0.04568'])
  })
})

describe('counts, speeds and sizes', () => {
  test('counts are grouped, large ones get M and G with three digits', () => {
    expect(en.count(64_000)).toBe('64,000')
    expect(plain(en.countShort(853_018))).toBe('0.85 M')
    expect(plain(en.countShort(118_100_000))).toBe('118 M')
    expect(en.countShort(60_850)).toBe('60,850')
  })

  test('speed has four digits, step times two', () => {
    expect(en.speed(1412.3)).toBe('1,412')
    expect(plain(en.milliseconds(0.00463))).toBe('4.6 ms')
  })

  test('sizes are binary with the label systems use', () => {
    expect(plain(en.bytesOf(3.1 * 1024 ** 3, 12 * 1024 ** 3))).toBe('3.1 of 12.0 GB')
    expect(plain(en.bytes(11.5 * 1024 ** 2))).toBe('12 MB')
  })
})

describe('times', () => {
  test.each([
    [4.4, '4 s'],
    [59.6, '1 min'],
    [80, '1 min 20 s'],
    [240, '4 min'],
    [5820, '1 h 37 min'],
    [3599, '1 h'],
    [18_000, '5 h'],
    [86_399, '1 d'],
    [190_000, '2 d 5 h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(plain(en.duration(seconds))).toBe(text)
  })

  test('estimates say about, and Chinese has its own units', () => {
    expect(plain(en.duration(240, { about: true }))).toBe('about 4 min')
    expect(plain(zh.duration(4020))).toBe('1 小时 7 分')
    expect(plain(zh.duration(90, { about: true }))).toBe('约 1 分 30 秒')
  })

  test('a moment is relative for a day, then weekday and time, then a date', () => {
    const now = new Date(2026, 10, 25, 12, 0).getTime()
    expect(en.when(now - 5 * 60_000, now)).toBe('5 minutes ago')
    expect(zh.when(now - 3 * 3_600_000, now)).toBe('3小时前')
    expect(en.when(new Date(2026, 10, 23, 14, 52).getTime(), now)).toMatch(/Mon.*14:52/)
    expect(en.when(new Date(2026, 9, 3).getTime(), now)).toBe('3 Oct')
    expect(en.when(new Date(2025, 9, 3).getTime(), now)).toBe('3 Oct 2025')
    expect(en.clock(new Date(2026, 11, 11).getTime(), now)).toBe('11 Dec')
    expect(en.clock(new Date(2028, 11, 11).getTime(), now)).toBe('11 Dec 2028')
  })
})

test('a missing figure is a dash, never zero', () => {
  for (const write of [en.percent, en.loss, en.count, en.duration, en.bytes, en.when, en.difference]) {
    expect(write(null)).toBe(missing)
    expect(write(Number.NaN)).toBe(missing)
  }
})

test('progress says 100 only at the end', () => {
  expect(plain(en.progress(0.999))).toBe('99 %')
  expect(plain(en.progress(1))).toBe('100 %')
})
