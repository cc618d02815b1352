// What the charts of a run draw, built from its columns for one unit of the x axis.
import type { CurveSeries } from '../../charts/curve-series.ts'
import { smooth } from '../../charts/smoothing.ts'
import type { RunColumns, SeedColumns } from './run-columns.ts'

export type AxisUnit = 'step' | 'epoch' | 'time'

export interface SeriesChoice {
  unit: AxisUnit
  /** The seed drawn in full; the others are thin. */
  seed: number
  smoothing: boolean
  seedLabel(seed: number): string
}

/** Share of the past that a smoothed accuracy keeps; step losses are much noisier and keep more. */
const accuracyWeight = 0.6
const stepLossWeight = 0.95

/** Curves with fewer points than this are never smoothed: there is nothing to smooth, only to hide. */
const fewestToSmooth = 30

/** Seconds of training at each of `steps`, straight between evaluations and onwards from the last one. */
export function timesOfSteps(steps: ArrayLike<number>, known: { step: Float64Array; time: Float64Array }): Float64Array {
  const times = new Float64Array(steps.length)
  const last = known.step.length - 1
  if (last < 0) return times
  let right = 0
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as number
    while (right < last && (known.step[right] as number) < step) right++
    const [step0, time0] = right > 0 ? [known.step[right - 1] as number, known.time[right - 1] as number] : [0, 0]
    const [step1, time1] = [known.step[right] as number, known.time[right] as number]
    times[i] = step1 > step0 ? time0 + ((step - step0) / (step1 - step0)) * (time1 - time0) : time1
  }
  return times
}

function epochPositions({ epochs }: SeedColumns, unit: AxisUnit): Float64Array {
  return epochs[unit].values
}

function stepPositions({ steps, epochs }: SeedColumns, unit: AxisUnit): Float64Array {
  if (unit !== 'time') return steps[unit].values
  return timesOfSteps(steps.step.values, { step: epochs.step.values, time: epochs.time.values })
}

/** A line, with its unsmoothed values as a ghost behind it when it is smoothed. */
function withGhost(line: CurveSeries, weight: number, smoothing: boolean): CurveSeries[] {
  if (!smoothing || line.y.length < fewestToSmooth) return [line]
  const { tagged: _, ...drawn } = line
  return [
    { ...line, id: `${line.id} raw`, look: 'raw' },
    { ...drawn, y: smooth(line.y, weight), smoothed: true },
  ]
}

/** Test top-1 of every seed, the chosen one last and on top. */
export function accuracySeries(columns: RunColumns, choice: SeriesChoice): CurveSeries[] {
  const line = (seed: number, data: SeedColumns): CurveSeries => ({
    id: `seed ${seed}`,
    label: choice.seedLabel(seed),
    look: seed === choice.seed ? 'main' : 'other',
    color: 1,
    x: epochPositions(data, choice.unit),
    y: data.epochs.top1.values,
  })
  const others = [...columns.seeds].filter(([seed, data]) => seed !== choice.seed && data.epochs.step.length > 0)
  const main = columns.seeds.get(choice.seed)
  return [
    ...others.map(([seed, data]) => line(seed, data)),
    ...(main ? withGhost({ ...line(choice.seed, main), tagged: true }, accuracyWeight, choice.smoothing) : []),
  ]
}

/** Training loss by step and test loss by epoch of the chosen seed. */
export function lossSeries(
  columns: RunColumns,
  choice: SeriesChoice,
  words: { train: string; test: string },
): CurveSeries[] {
  const data = columns.seeds.get(choice.seed)
  if (!data) return []
  const train: CurveSeries = {
    id: 'train',
    label: words.train,
    look: 'fine',
    color: 1,
    x: stepPositions(data, choice.unit),
    y: data.steps.loss.values,
  }
  const test: CurveSeries = {
    id: 'test',
    label: words.test,
    look: 'fine',
    color: 2,
    x: epochPositions(data, choice.unit),
    y: data.epochs.testLoss.values,
  }
  return [...withGhost(train, stepLossWeight, choice.smoothing), test]
}

/** Learning rate of the chosen seed so far. */
export function rateSeries(columns: RunColumns, choice: SeriesChoice, label: string): CurveSeries[] {
  const data = columns.seeds.get(choice.seed)
  if (!data) return []
  return [
    { id: 'rate', label, look: 'main', color: 1, x: stepPositions(data, choice.unit), y: data.steps.lr.values },
  ]
}
