import { RepriseError } from '../../shared/errors.ts'

/** Throws `cancelled` once the signal is raised. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted)
    throw new RepriseError({ code: 'cancelled', message: 'The preparation of the data was cancelled' })
}
