// The runs of a sweep: which settings each of them changes, and how it is called.
import { philox4x32, scaleWord } from '../../engine/data/philox.ts'
import { configField, type FieldValue } from '../../shared/config-fields.ts'
import { RepriseError } from '../../shared/errors.ts'
import { mostSweepRuns, type Sweep, type SweepAxis } from '../../shared/sweep.ts'

export type SweepChanges = Record<string, FieldValue>

/** Tells the draws of sweeps from those of anything else that has the same seed. */
const drawStream = 0x73776565
/** Drawn numbers are rounded to so many digits: they are to be read, and written in reports. */
const digits = 6
/** Runs that repeat an earlier one are drawn again, so often at most. */
const redraws = 20

/**
 * Changes of each run, in the order in which they are queued: a grid's last axis varies fastest; a random sweep has no run twice,
 * and fewer than it asks for where there are not as many. Throws `unknown-config-key` or `config-out-of-range`.
 */
export function expandSweep(sweep: Sweep): SweepChanges[] {
  for (const axis of sweep.axes) checkAxis(axis, sweep)
  return sweep.mode === 'grid' ? grid(sweep.axes) : random(sweep)
}

function checkAxis(axis: SweepAxis, { axes, mode }: Sweep): void {
  const { label } = configField(axis.key)
  if (axes.filter((other) => other.key === axis.key).length > 1) {
    throw wrong(`${label} (${axis.key}) is swept twice.`, 'each setting in one axis', axis.key)
  }
  if (axis.kind === 'values') return
  if (mode === 'grid') throw wrong(`A grid needs the values of ${axis.key}.`, 'a list of values', 'a range')
  const { min, max, scale } = axis
  const range = `${min} to ${max}`
  if (!(min <= max)) throw wrong(`The range of ${axis.key} is empty.`, 'min at most max', range)
  if (scale === 'log' && !(min > 0)) throw wrong(`${axis.key} cannot be drawn on a log scale.`, 'min above 0', range)
  if (axis.whole && Math.floor(max) < Math.ceil(min)) {
    throw wrong(`The range of ${axis.key} holds no whole number.`, 'a whole number between min and max', range)
  }
}

function grid(axes: SweepAxis[]): SweepChanges[] {
  const lists = axes.map((axis) => ({ key: axis.key, values: axis.kind === 'values' ? axis.values : [] }))
  const runs = lists.reduce((product, { values }) => product * values.length, 1)
  if (runs > mostSweepRuns) {
    throw wrong('The sweep is too large.', `at most ${mostSweepRuns} runs`, `${runs} runs`)
  }
  return lists.reduce<SweepChanges[]>(
    (before, { key, values }) => before.flatMap((changes) => values.map((value) => ({ ...changes, [key]: value }))),
    [{}],
  )
}

function random({ axes, count, seed }: Sweep): SweepChanges[] {
  const found = new Map<string, SweepChanges>()
  for (let draw = 0; draw < count * redraws && found.size < count; draw += 1) {
    const changes = Object.fromEntries(axes.map((axis, place) => [axis.key, drawValue(axis, [draw, place], seed)]))
    const key = JSON.stringify(changes)
    if (!found.has(key)) found.set(key, changes)
  }
  return [...found.values()]
}

function drawValue(axis: SweepAxis, [draw, place]: [number, number], seed: number): FieldValue {
  const words = new Uint32Array(4)
  philox4x32([draw, place, 0, 0], [seed >>> 0, drawStream], words)
  const word = words[0] ?? 0
  if (axis.kind === 'values') return axis.values[scaleWord(word, axis.values.length)] ?? ''
  const { min, max, scale, whole } = axis
  const between = (low: number, high: number) => low + (word / 2 ** 32) * (high - low)
  if (!whole) {
    const value = scale === 'log' ? Math.exp(between(Math.log(min), Math.log(max))) : between(min, max)
    return Math.min(Math.max(Number(value.toPrecision(digits)), min), max)
  }
  const [first, last] = [Math.ceil(min), Math.floor(max)]
  // Each whole number takes the interval up to the next one, so that the last is as likely as on a ruler.
  const value = scale === 'log' ? Math.exp(between(Math.log(first), Math.log(last + 1))) : between(first, last + 1)
  return Math.min(Math.floor(value), last)
}

/** Such as "LeNet-5 · optimizer.lr 0.05, train.batchSize 64". */
export function sweepRunName(title: string, changes: SweepChanges): string {
  const values = Object.entries(changes).map(
    ([key, value]) => `${key} ${Array.isArray(value) ? value.join(' ') : value}`,
  )
  return `${title} · ${values.join(', ')}`
}

function wrong(message: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'config-out-of-range',
    message,
    expected,
    found,
    fix: 'Correct the axes of the sweep.',
  })
}
