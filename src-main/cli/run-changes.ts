// Turns `--set key=value`, `--seed` and `--seeds` into changes to a recipe.
import { configField, type FieldValue, parseFieldText } from '../shared/config-fields.ts'
import { RepriseError } from '../shared/errors.ts'

export interface RunFlags {
  set?: string[] | undefined
  seed?: number | undefined
  seeds?: number | undefined
}

/**
 * Dotted key to value, in the order given; `--seed` alone trains that one seed.
 * Throws `usage` for a setting without "=", `unknown-config-key`, or `config-out-of-range` for a value of the wrong kind.
 */
export function runChanges({ set = [], seed, seeds }: RunFlags): Record<string, FieldValue> {
  const changes: Record<string, FieldValue> = {}
  for (const text of set) {
    const [key, value] = splitSetting(text, '--set')
    changes[key] = parseFieldText(configField(key), value)
  }
  if (seed !== undefined) changes['seeds.first'] = seed
  if (seeds !== undefined) changes['seeds.count'] = seeds
  else if (seed !== undefined) changes['seeds.count'] ??= 1
  return changes
}

/** The two sides of `key=value`. Throws `usage`, naming `flag`, where there are none. */
export function splitSetting(text: string, flag: string): [key: string, value: string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  throw new RepriseError({
    code: 'usage',
    message: `"${flag} ${text}" names no value.`,
    expected: `key=value, such as ${flag} optimizer.lr=0.05`,
    found: text,
    fix: 'Write the setting, an equals sign and the value without spaces.',
  })
}
