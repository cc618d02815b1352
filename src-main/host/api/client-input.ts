// Parts of input that several calls take.
import { z } from 'zod'

/** A path as a client gives it. */
export const clientPath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'a path without NUL')

/** No setting is nested deeper than a few lists and objects. */
const deepest = 16

/** Walks with a stack of its own: JSON may nest deeper than calls can. */
function isShallow(value: unknown): boolean {
  const waiting: [value: unknown, depth: number][] = [[value, 0]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [inner, depth] = next
    if (typeof inner !== 'object' || inner === null) continue
    if (depth === deepest) return false
    for (const child of Object.values(inner)) waiting.push([child, depth + 1])
  }
  return true
}

/** Changes of a config: dotted key to value. What a value may be is checked with the config. */
export const clientChanges = z
  .record(z.string().max(200), z.unknown().refine(isShallow, 'a value that is not nested so deeply'))
  .default({})
