// JSON kept in text columns.

export function toColumn(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}

/** The value of a column that `toColumn` wrote; T is what was written there. */
export function fromColumn<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T)
}
