// Known data sets that cannot be fetched: the user brings a copy.
import type { DatasetSummary } from '../../shared/api.ts'
import { RepriseError } from '../../shared/errors.ts'

/** Why such a data set cannot be used before the user has added it, as `data-missing`; null for every other one. */
export function ownCopyMissing({ id, label, source, status }: DatasetSummary): RepriseError | null {
  if (source !== 'user' || status !== 'absent') return null
  return new RepriseError({
    code: 'data-missing',
    message: `${label} is not on this machine and cannot be fetched.`,
    expected: 'your own copy: a folder with one folder of pictures per class under train and under val',
    fix: `Add it on the page of data sets, or with "reprise datasets add PATH --id ${id}".`,
  })
}
