// What the charts of a run draw, for one unit of the x axis.
import type { CurveSeries } from '../../charts/curve-series.ts'
import { smooth } from '../../charts/smoothing.ts'
import type { SeedCurves } from './seed-curves.ts'

export type AxisUnit = 'step' | 'epoch' | 'time'

export interface SeriesChoice {
  unit: AxisUnit
  /** The seed drawn in full; the others are thin. */
  seed: number
  smoothing: boolean
  /** Usual length of a step, for times before a seed's first evaluation. */
  secondsPerStep: number
  seedLabel(seed: number): string
}

/** Share of the past that a smoothed accuracy keeps; step losses are much noisier and keep more. */
const accuracyWeight = 0.6
const stepLossWeight = 0.95

/** Curves with fewer points than this are never smoothed: there is nothing to smooth, only to hide. */
const fewestToSmooth = 30

/**
 * Seconds of training at each of `steps`: straight between evaluations and onwards from the last one, at `secondsPerStep`
 * while there is none.
 */
export function timesOfSteps(
  steps: ArrayLike<number>,
  known: { step: ArrayLike<number>; time: ArrayLike<number> },
  secondsPerStep: number,
): Float64Array {
  const times = new Float64Array(steps.length)
  const last = known.step.length - 1
  let right = 0
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as number
    if (last < 0) {
      times[i] = step * secondsPerStep
      continue
    }
    while (right < last && (known.step[right] as number) < step) right++
    const [step0, time0] = right > 0 ? [known.step[right - 1] as number, known.time[right - 1] as number] : [0, 0]
    const [step1, time1] = [known.step[right] as number, known.time[right] as number]
    times[i] = step1 > step0 ? time0 + ((step - step0) / (step1 - step0)) * (time1 - time0) : time1
  }
  return times
}

function stepPositions({ steps, epochs }: SeedCurves, { unit, secondsPerStep }: SeriesChoice): ArrayLike<number> {
  return unit === 'time' ? timesOfSteps(steps.step, epochs, secondsPerStep) : steps[unit]
}

const curvesOf = (seeds: readonly SeedCurves[], choice: SeriesChoice) => seeds.find(({ seed }) => seed === choice.seed)

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
export function accuracySeries(seeds: readonly SeedCurves[], choice: SeriesChoice): CurveSeries[] {
  const line = ({ seed, epochs }: SeedCurves): CurveSeries => ({
    id: `seed ${seed}`,
    label: choice.seedLabel(seed),
    look: seed === choice.seed ? 'main' : 'other',
    color: 1,
    x: epochs[choice.unit],
    y: epochs.top1,
  })
  const others = seeds.filter(({ seed, epochs }) => seed !== choice.seed && epochs.step.length > 0)
  const main = curvesOf(seeds, choice)
  return [
    ...others.map(line),
    ...(main ? withGhost({ ...line(main), tagged: true }, accuracyWeight, choice.smoothing) : []),
  ]
}

/** Training loss by step and test loss by epoch of the chosen seed. */
export function lossSeries(
  seeds: readonly SeedCurves[],
  choice: SeriesChoice,
  words: { train: string; test: string },
): CurveSeries[] {
  const main = curvesOf(seeds, choice)
  if (!main) return []
  const line = (id: 'train' | 'test', color: number, x: ArrayLike<number>, y: ArrayLike<number>): CurveSeries => ({
    id,
    label: words[id],
    look: 'fine',
    color,
    x,
    y,
  })
  return [
    ...withGhost(line('train', 1, stepPositions(main, choice), main.steps.loss), stepLossWeight, choice.smoothing),
    line('test', 2, main.epochs[choice.unit], main.epochs.testLoss),
  ]
}

/** Learning rate of the chosen seed so far. */
export function rateSeries(seeds: readonly SeedCurves[], choice: SeriesChoice, label: string): CurveSeries[] {
  const main = curvesOf(seeds, choice)
  if (!main) return []
  return [{ id: 'rate', label, look: 'main', color: 1, x: stepPositions(main, choice), y: main.steps.lr }]
}
