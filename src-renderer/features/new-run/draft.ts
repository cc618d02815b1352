// A run that is being prepared: a recipe and what the reader changed in it. Pure, so that the form holds no rules.
import { configValue, type FieldValue, neutralKeys, withConfigValue } from '../../../src-main/shared/config-fields.ts'
import { toErrorReport } from '../../../src-main/shared/errors.ts'
import type { RunConfig } from '../../../src-main/shared/run-config.ts'
import { shellWord } from '../../../src-main/shared/shell-word.ts'

/** Dotted key to value; holds only what differs from the recipe. */
export type Changes = Readonly<Record<string, FieldValue>>

export interface Draft {
  /** Empty takes the recipe's title. */
  name: string
  changes: Changes
  /** Fields whose text is no value yet, such as a number that is being typed. */
  unreadable: readonly string[]
}

export const emptyDraft: Draft = { name: '', changes: {}, unreadable: [] }

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** `changes` with `key` set; a value equal to the recipe's is no change. */
export function withChange(recipe: RunConfig, changes: Changes, key: string, value: FieldValue): Changes {
  const { [key]: _, ...rest } = changes
  return same(value, configValue(recipe, key)) ? rest : { ...rest, [key]: value }
}

/** `changes` without those of `keys`. */
export function withoutChanges(changes: Changes, keys: readonly string[]): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([key]) => !keys.includes(key)))
}

/** The value a field shows: the change, or the recipe's. */
export function draftValue(recipe: RunConfig, changes: Changes, key: string): FieldValue {
  return changes[key] ?? configValue(recipe, key)
}

/** Changes that count as leaving the recipe; the number of seeds, the device and their like do not. */
export function countedChanges(changes: Changes): string[] {
  return Object.keys(changes).filter((key) => !neutralKeys.includes(key))
}

export interface FieldProblem {
  /** What values the field takes, as the schema says it. */
  expected: string
  fix: string | undefined
}

/** What the schema refuses, by field. Each change is tried on the recipe alone, so that one mistake hides no other. */
export function fieldProblems(recipe: RunConfig, changes: Changes): Record<string, FieldProblem> {
  const problems: Record<string, FieldProblem> = {}
  for (const [key, value] of Object.entries(changes)) {
    try {
      withConfigValue(recipe, key, value)
    } catch (thrown) {
      const report = toErrorReport(thrown)
      problems[key] = { expected: report.expected ?? report.message, fix: report.fix }
    }
  }
  return problems
}

/** The same run as a command: `npm run -s reprise -- run mnist-lenet5 --set train.length=5`. */
export function runCommand(recipeId: string, changes: Changes): string {
  const settings = Object.entries(changes).map(
    ([key, value]) => `--set ${shellWord(`${key}=${Array.isArray(value) ? value.join(',') : String(value)}`)}`,
  )
  return ['npm run -s reprise -- run', recipeId, ...settings].join(' ')
}
