import { expect, test } from 'vitest'
import type { LogLine } from '../../../src-main/shared/api.ts'
import { linesOfLevel, logText, logTime } from './log-lines.ts'

const log: LogLine[] = [
  { at: Date.UTC(2026, 0, 1, 12, 0, 0), level: 'info', text: 'started' },
  { at: Date.UTC(2026, 0, 1, 12, 0, 1), level: 'warn', text: 'slow data' },
  { at: Date.UTC(2026, 0, 1, 12, 0, 2), level: 'error', text: 'not finite' },
]

test('a filter shows its level and what is worse', () => {
  expect(linesOfLevel(log, 'all')).toHaveLength(3)
  expect(linesOfLevel(log, 'warn').map(({ text }) => text)).toEqual(['slow data', 'not finite'])
  expect(linesOfLevel(log, 'error').map(({ text }) => text)).toEqual(['not finite'])
})

test('copied lines carry their full time and level', () => {
  expect(logText(log.slice(1, 2))).toBe('2026-01-01T12:00:01.000Z warn  slow data')
  expect(logTime(new Date(2026, 0, 1, 9, 5, 7).getTime())).toBe('09:05:07')
})
