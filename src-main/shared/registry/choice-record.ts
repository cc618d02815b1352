// A named choice of a setting, and the keys of a registry of them.

export interface ChoiceRecord {
  label: string
  help: string
  paper?: string
}

/** Keys of a registry as the non-empty tuple that zod's enum wants. */
export function namesOf<K extends string>(registry: Record<K, unknown>): [K, ...K[]] {
  return Object.keys(registry) as [K, ...K[]]
}
