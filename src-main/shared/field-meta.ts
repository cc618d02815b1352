// What a field of the run config says of itself beside its type and limits.

export type FieldMeta = {
  label: string
  help: string
  unit?: string
  level: 'basic' | 'advanced'
  /** How the form's steppers move: add a step, or multiply by a factor. */
  step?: { add: number } | { times: number }
}

export const meta = (label: string, help: string, more: Partial<FieldMeta> = {}): FieldMeta => ({
  label,
  help,
  level: 'basic',
  ...more,
})
export const advanced = { level: 'advanced' } as const
