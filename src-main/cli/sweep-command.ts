// `reprise sweep`: many runs of a recipe, over every value of some settings or over random ones.
import type { QueuePriority } from '../shared/api.ts'
import { configField, parseFieldText } from '../shared/config-fields.ts'
import { RepriseError } from '../shared/errors.ts'
import type { Sweep, SweepAxis } from '../shared/sweep.ts'
import { withHost } from './host-connection.ts'
import type { Output } from './output.ts'
import { runChanges, splitSetting } from './run-changes.ts'
import { table } from './table.ts'

export interface SweepFlags {
  grid?: string[] | undefined
  random?: string[] | undefined
  count?: number | undefined
  drawSeed?: number | undefined
  set?: string[] | undefined
  seeds?: number | undefined
  name?: string | undefined
  priority?: QueuePriority | undefined
  dryRun?: boolean | undefined
}

/** Queues all runs, or with `dryRun` only says what each would change. */
export function startSweep(recipeId: string, flags: SweepFlags, output: Output): Promise<void> {
  const sweep = sweepOf(flags)
  const keys = sweep.axes.map(({ key }) => key)
  return withHost(async (host) => {
    const { name, priority } = flags
    const input = {
      recipeId,
      changes: runChanges({ set: flags.set, seeds: flags.seeds }),
      sweep,
      ...(name === undefined ? {} : { name }),
      ...(priority === undefined ? {} : { priority }),
    }
    if (flags.dryRun) {
      const planned = await host.call(host.client.runs.expandSweep.query(input))
      const cells = planned.map((changes, i) => [String(i + 1), ...keys.map((key) => String(changes[key]))])
      output.result(planned, () => table(['RUN', ...keys], cells))
      return
    }
    const runs = await host.call(host.client.runs.startSweep.mutate(input))
    output.result(runs, () => {
      const cells = runs.map((run) => [run.id, run.name])
      return `${runs.length} runs wait in the queue.\n${table(['RUN', 'NAME'], cells)}`
    })
    if (!host.own) return
    const { background } = await host.call(host.client.settings.get.query())
    output.note(
      background
        ? 'They are trained in the background; "reprise queue" shows what waits.'
        : 'Training in the background is off in Settings: they wait until the app is started.',
    )
  })
}

/** Throws `usage` for a malformed axis or none at all, `unknown-config-key`, and `config-out-of-range` for a wrong value. */
export function sweepOf({ grid = [], random = [], count, drawSeed }: SweepFlags): Sweep {
  const axes = [...grid.map(valuesAxis), ...random.map(rangeAxis)]
  if (axes.length === 0) {
    throw new RepriseError({
      code: 'usage',
      message: 'A sweep needs a setting to go over.',
      expected: '--grid key=a,b,c or --random key=min..max',
      fix: 'Name one, such as --grid optimizer.lr=0.05,0.1,0.2.',
    })
  }
  const mode = random.length > 0 || count !== undefined ? 'random' : 'grid'
  return { mode, axes, count: count ?? 10, seed: drawSeed ?? 1 }
}

/** `key=a,b,c`; lists of numbers are separated by semicolons, `key=30,60;40,80`. */
function valuesAxis(text: string): SweepAxis {
  const [key, list] = splitSetting(text, '--grid')
  const field = configField(key)
  const values = list.split(field.kind === 'numbers' ? ';' : ',').map((value) => parseFieldText(field, value))
  return { kind: 'values', key, values }
}

/** `key=min..max`, drawn evenly, or `key=min..max:log`, drawn evenly on a logarithmic scale. */
function rangeAxis(text: string): SweepAxis {
  const [key, range] = splitSetting(text, '--random')
  const field = configField(key)
  const parts = /^(?<min>.+?)\.\.(?<max>[^:]+?)(?<log>:log)?$/.exec(range)?.groups
  if (!parts || (field.kind !== 'number' && field.kind !== 'integer')) {
    throw new RepriseError({
      code: 'usage',
      message: `"--random ${text}" is no range of numbers.`,
      expected: 'key=min..max or key=min..max:log, for a setting that is a number',
      found: text,
      fix: 'Write for example --random optimizer.lr=0.01..1:log.',
    })
  }
  const [min, max] = [parts.min ?? '', parts.max ?? ''].map((end) => Number(parseFieldText(field, end)))
  return {
    kind: 'range',
    key,
    min: min ?? 0,
    max: max ?? 0,
    scale: parts.log === undefined ? 'linear' : 'log',
    whole: field.kind === 'integer',
  }
}
