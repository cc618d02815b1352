// The order in which trees list names: the same on every file system.
import { naturalOrder } from '../named-files.ts'

/** Natural order; names that differ only in leading zeros or in escaped bytes follow their code units. */
export function nameOrder(a: string, b: string): number {
  return naturalOrder(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}
