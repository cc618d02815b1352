// One line of "Before the start", and why it forbids the start where it does.
import type { PreflightCheck, PreflightFix } from '../../shared/api.ts'
import type { RepriseError } from '../../shared/errors.ts'

export interface PreflightLine {
  check: PreflightCheck
  /** A start is refused with it. */
  refusal?: RepriseError
}

export function line(
  id: PreflightCheck['id'],
  state: PreflightCheck['state'],
  values: PreflightCheck['values'],
  { refusal, fixes = [] }: { refusal?: RepriseError; fixes?: PreflightFix[] } = {},
): PreflightLine {
  return {
    check: { id, state, values, blocking: refusal !== undefined, ...(fixes.length > 0 ? { fixes } : {}) },
    ...(refusal ? { refusal } : {}),
  }
}
