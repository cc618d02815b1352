// Every error that may reach a reader: what happened (expected, found) and what to do about it. Codes are a closed set.

export const errorCodes = [
  'usage', // the command line or a call is malformed
  'unknown-recipe',
  'unknown-run',
  'unknown-dataset',
  'unknown-config-key',
  'config-out-of-range',
  'recipe-invalid',
  'data-missing',
  'data-truncated',
  'data-format',
  'data-fingerprint',
  'picture-broken',
  'no-class-folders',
  'disk-full',
  'disk-too-small',
  'download-failed',
  'hash-mismatch',
  'no-network',
  'libtensorflow-missing',
  'libtensorflow-damaged',
  'tensorflow-op', // TensorFlow refused an operation: its message, the op and the shapes
  'out-of-memory',
  'not-finite', // NaN or infinity in the loss, a gradient or a running statistic of a step
  'device-missing',
  'cancelled',
  'worker-died',
  'port-in-use',
  'second-instance',
  'database-newer',
  'database-damaged',
  'history-unwritable', // locked by another program, read-only, or a disk that fails
  'migration-unknown',
  'checkpoint-damaged',
  'checkpoint-unwritable',
  'unauthorized',
  'not-allowed', // the state of a run does not allow the action
  'host-unreachable',
  'setup-incomplete',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** The plain form that crosses processes and the wire. */
export interface ErrorReport {
  code: ErrorCode
  /** One sentence: what happened. */
  message: string
  /** What was expected, when that is not plain from the message. */
  expected?: string
  /** What was found instead. */
  found?: string
  /** What the reader can do, as a sentence. */
  fix?: string
  /** Anything that helps a report: TensorFlow's message, op, shapes, paths, a stack. */
  details?: Record<string, unknown>
}

/** An error with a code from the closed set and a way out for the reader. */
export class RepriseError extends Error {
  readonly code: ErrorCode
  readonly expected: string | undefined
  readonly found: string | undefined
  readonly fix: string | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(report: ErrorReport, options?: { cause?: unknown }) {
    super(report.message, options)
    this.name = 'RepriseError'
    this.code = report.code
    this.expected = report.expected
    this.found = report.found
    this.fix = report.fix
    this.details = report.details
  }
}

/** Turns anything thrown into its plain form; an unknown error becomes `internal` with its stack in `details`. */
export function toErrorReport(thrown: unknown): ErrorReport {
  if (thrown instanceof RepriseError) {
    return {
      code: thrown.code,
      message: thrown.message,
      ...(thrown.expected === undefined ? {} : { expected: thrown.expected }),
      ...(thrown.found === undefined ? {} : { found: thrown.found }),
      ...(thrown.fix === undefined ? {} : { fix: thrown.fix }),
      ...(thrown.details === undefined ? {} : { details: thrown.details }),
    }
  }
  if (thrown instanceof Error) {
    return { code: 'internal', message: thrown.message, details: { name: thrown.name, stack: thrown.stack ?? '' } }
  }
  return { code: 'internal', message: String(thrown) }
}

/** The inverse of `toErrorReport`. */
export function fromErrorReport(report: ErrorReport): RepriseError {
  return new RepriseError(report)
}

/** The report as lines for a terminal or a log: message, expected, found, fix. */
export function describeError(report: ErrorReport): string {
  const lines = [report.message]
  if (report.expected !== undefined) lines.push(`Expected: ${report.expected}`)
  if (report.found !== undefined) lines.push(`Found: ${report.found}`)
  if (report.fix !== undefined) lines.push(report.fix)
  return lines.join('\n')
}
