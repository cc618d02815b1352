// A sweep as the dialog holds it: text of fields, turned into the sweep that the engine takes. Pure.
import {
  type ConfigField,
  configField,
  type FieldValue,
  parseFieldText,
} from '../../../src-main/shared/config-fields.ts'
import type { Sweep, SweepAxis } from '../../../src-main/shared/sweep.ts'

export interface AxisDraft {
  key: string
  /** Ranges are for numbers of random sweeps. */
  kind: 'values' | 'range'
  /** Values, separated by commas; those of a list setting by semicolons. */
  text: string
  min: number
  max: number
  scale: 'linear' | 'log'
}

export interface SweepDraft {
  mode: Sweep['mode']
  axes: readonly AxisDraft[]
  count: number
}

const isNumber = (field: ConfigField) => field.kind === 'number' || field.kind === 'integer'

/** True where a setting can be drawn from a range. */
export function takesRange(field: ConfigField): boolean {
  return isNumber(field)
}

/** The values of a text. Throws `config-out-of-range` where one is not of the field's kind. */
export function parseValues(field: ConfigField, text: string): FieldValue[] {
  const parts = text
    .split(field.kind === 'numbers' ? ';' : ',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.map((part) => parseFieldText(field, part))
}

/** Values as text that `parseValues` reads. */
export function valuesText(values: readonly FieldValue[]): string {
  const lists = values.some(Array.isArray)
  return values.map((value) => (Array.isArray(value) ? value.join(', ') : String(value))).join(lists ? '; ' : ', ')
}

/** First values to vary around that of the form: half and double of a number, all choices of a choice. */
export function proposedAxis(field: ConfigField, value: FieldValue): AxisDraft {
  const low = field.min ?? Number.NEGATIVE_INFINITY
  const high = field.max ?? Number.POSITIVE_INFINITY
  const scaled = (by: number) => {
    const number = Number((Number(value) * by).toPrecision(6))
    return Math.min(high, Math.max(low, field.kind === 'integer' ? Math.round(number) : number))
  }
  const numbers = [...new Set([scaled(0.5), scaled(1), scaled(2)])]
  const values: FieldValue[] =
    field.kind === 'boolean'
      ? [true, false]
      : field.kind === 'choice'
        ? [...field.choices]
        : isNumber(field)
          ? numbers
          : [value]
  const positive = isNumber(field) && Number(value) > 0
  return {
    key: field.key,
    kind: 'values',
    text: valuesText(values),
    min: positive ? scaled(0.1) : 0,
    max: positive ? scaled(10) : 1,
    scale: positive ? 'log' : 'linear',
  }
}

function axisOf(draft: AxisDraft, mode: Sweep['mode']): SweepAxis | null {
  const field = configField(draft.key)
  if (mode === 'random' && draft.kind === 'range' && takesRange(field)) {
    const { key, min, max, scale } = draft
    return { kind: 'range', key, min, max, scale, whole: field.kind === 'integer' }
  }
  const values = parseValues(field, draft.text)
  return values.length === 0 ? null : { kind: 'values', key: draft.key, values }
}

/** The sweep of a draft; null where an axis has no values. Throws `config-out-of-range` at a text that is no value. */
export function sweepOf({ mode, axes, count }: SweepDraft): Sweep | null {
  const read = axes.map((axis) => axisOf(axis, mode))
  const known = read.filter((axis) => axis !== null)
  if (known.length === 0 || known.length < read.length) return null
  return { mode, axes: known, count, seed: 1 }
}
