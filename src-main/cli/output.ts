// Where commands write: JSON or text on stdout, everything for the eye alone on stderr.
import { describeError, type ErrorCode, type ErrorReport } from '../shared/errors.ts'

export interface Output {
  json: boolean
  /** Prints `value` as one line of JSON, or `text()` without --json. */
  result(value: unknown, text: () => string): void
  /** One event: a line of JSON, or `text()` when it gives any. */
  event(value: { type: string } & Record<string, unknown>, text?: () => string | null): void
  /** A line for the eye, on stderr; nothing with --json. */
  note(text: string): void
  error(report: ErrorReport): void
}

/** Output of one command. */
export function commandOutput(json: boolean): Output {
  const line = (text: string) => void process.stdout.write(`${text}\n`)
  return {
    json,
    result: (value, text) => line(json ? JSON.stringify(value) : text()),
    event(value, text) {
      if (json) return line(JSON.stringify(value))
      const words = text?.()
      if (words) line(words)
    },
    note(text) {
      if (!json) process.stderr.write(`${text}\n`)
    },
    error(report) {
      if (json) line(JSON.stringify({ type: 'error', error: report }))
      process.stderr.write(`${describeError(report)}\n`)
    },
  }
}

const usageCodes: readonly ErrorCode[] = [
  'usage',
  'unknown-recipe',
  'unknown-run',
  'unknown-dataset',
  'unknown-config-key',
  'config-out-of-range',
]

/** Exit status for an error: 2 when the command line asks for what does not exist or is out of range, else 1. */
export const exitStatus = (code: ErrorCode): 1 | 2 => (usageCodes.includes(code) ? 2 : 1)
