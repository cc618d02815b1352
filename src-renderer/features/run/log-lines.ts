// Lines of a run's log: which of them a filter shows, and as text to copy. Pure.
import type { LogLine } from '../../../src-main/shared/api.ts'

/** All lines, warnings and errors, or errors alone. */
export type LogFilter = 'all' | 'warn' | 'error'

const levels: Record<LogFilter, readonly LogLine['level'][]> = {
  all: ['info', 'warn', 'error'],
  warn: ['warn', 'error'],
  error: ['error'],
}

export function linesOfLevel(log: readonly LogLine[], filter: LogFilter): readonly LogLine[] {
  return filter === 'all' ? log : log.filter(({ level }) => levels[filter].includes(level))
}

const pad = (value: number) => String(value).padStart(2, '0')

/** Time of day, to the second, in the reader's zone: 14:05:09. */
export function logTime(at: number): string {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':')
}

/** Lines as text, with their full time in UTC so that logs of different machines compare. */
export function logText(lines: readonly LogLine[]): string {
  return lines.map(({ at, level, text }) => `${new Date(at).toISOString()} ${level.padEnd(5)} ${text}`).join('\n')
}
