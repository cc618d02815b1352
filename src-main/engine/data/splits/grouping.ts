// Groups of pictures by their folder or by what an expression finds in their names.
import { runInNewContext } from 'node:vm'
import { RepriseError } from '../../../shared/errors.ts'

/** Longer names are cut for the expression. */
const longestName = 1000
/** Milliseconds for the names of one chunk; sound expressions take microseconds each. */
const timeLimit = 1000

export interface Grouping {
  /** Numbers the groups of further pictures, from 0 in the order in which they come. */
  add(pictures: readonly { name: string; group: string }[]): void
  groups(): Uint32Array
}

/**
 * Groups by folder without an expression; with one, by what its first bracket finds. Names in which it finds nothing are one
 * group, as nothing tells them apart.
 * Throws `config-out-of-range` for what is no expression with a bracket, takes too long, or finds nothing in any name.
 */
export function createGrouping(expression: string | null): Grouping {
  const numbers = new Map<string, number>()
  const keys: number[] = []
  const find = expression === null ? null : finder(expression)
  let found = expression === null
  return {
    add: (pictures) => {
      const names = find === null ? pictures.map(({ group }) => group) : find(pictures.map(({ name }) => name))
      for (const name of names) {
        if (name !== null) found = true
        const key = name === null ? '' : `=${name}`
        const number = numbers.get(key) ?? numbers.size
        numbers.set(key, number)
        keys.push(number)
      }
    },
    groups: () => {
      if (!found) throw wrongExpression(expression ?? '', 'finds nothing in any name')
      return Uint32Array.from(keys)
    },
  }
}

function finder(text: string): (names: readonly string[]) => (string | null)[] {
  const expression = compile(text)
  return (names) => {
    const cut = names.map((name) => name.slice(0, longestName))
    try {
      // Only the time limit of a context ends an expression that backtracks for ever.
      const first = (name: string) => expression.exec(name)?.[1] ?? null
      return runInNewContext('names.map(first)', { names: cut, first }, { timeout: timeLimit }) as (string | null)[]
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      throw wrongExpression(text, 'takes too long; repetitions inside repetitions do that')
    }
  }
}

function compile(text: string): RegExp {
  let expression: RegExp
  let brackets: number
  try {
    expression = new RegExp(text, 'u')
    brackets = (new RegExp(`${text}|`, 'u').exec('')?.length ?? 1) - 1
  } catch (error) {
    throw wrongExpression(text, (error as Error).message)
  }
  if (brackets === 0) throw wrongExpression(text, 'has no bracket')
  return expression
}

function wrongExpression(text: string, found: string): RepriseError {
  return new RepriseError({
    code: 'config-out-of-range',
    message: 'The groups cannot be told by this expression.',
    expected: 'a regular expression whose first bracket finds the group in a name, such as ^([^_]+)_',
    found: `${text}: ${found}`,
    fix: 'Change the expression, or group by folder.',
  })
}
