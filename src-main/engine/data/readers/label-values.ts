// Labels as records hold them, numbers or words, and the classes that they stand for.
import { RepriseError } from '../../../shared/errors.ts'

export type LabelValue = number | string

export interface LabelClasses {
  classes: string[]
  /** Place in `classes`. */
  labelOf(value: LabelValue): number
  /** Whether classes are numbered from 1: 0 never occurs, and the numbers follow each other. */
  countsFromOne: boolean
}

/** Labels are kept in 16 bits. */
const mostClasses = 65_536

/**
 * Classes of all values that occur. Whole numbers keep their order, and those in between that no picture has keep their place,
 * unless most are such; counting from 1 becomes counting from 0. Words are sorted. `names` may give numbers a name.
 * Throws `data-format` for more than 65,536 classes.
 */
export function classesOfLabels(
  values: ReadonlySet<LabelValue>,
  names: ReadonlyMap<LabelValue, string> = new Map(),
): LabelClasses {
  const numbers = [...values].filter((value) => typeof value === 'number').sort((a, b) => a - b)
  const words = [...values].filter((value) => typeof value === 'string').sort()
  const first = numbers[0] === 0 || numbers[0] === 1 ? numbers[0] : null
  const last = numbers.at(-1) ?? 0
  const isCounting = first !== null && words.length === 0 && last - first + 1 <= 2 * numbers.length
  const ordered: LabelValue[] = isCounting
    ? Array.from({ length: last - first + 1 }, (_, i) => first + i)
    : [...numbers, ...words]
  if (ordered.length > mostClasses) {
    throw new RepriseError({
      code: 'data-format',
      message: 'The records have more classes than a label can tell apart',
      expected: `at most ${mostClasses}`,
      found: `${ordered.length} different labels`,
      fix: 'Choose records whose label is a class.',
    })
  }
  const places = new Map(ordered.map((value, place) => [value, place]))
  return {
    classes: ordered.map((value) => names.get(value) ?? String(value)),
    labelOf: (value) => places.get(value) ?? -1,
    countsFromOne: isCounting && first === 1,
  }
}

/** A label from text or JSON: whole numbers become numbers. Null for what is no label. */
export function labelValue(value: unknown): LabelValue | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : null
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text)
  return text === '' || text.length > 200 ? null : text
}
