// The comparison in figures: ratios of our step to PyTorch's, and the table that is printed.
import type { ContenderResult, GroupResult } from './run-group.ts'

export interface Ratios {
  /** Our step / PyTorch's with its default allocator. */
  toDefault: number
  /** Our step / PyTorch's fastest in the same precision. */
  toBest: number
}

export interface GroupRatios {
  minimum: Ratios
  median: Ratios
}

/** Ratios over the contenders that are compared, by minimum and by median of the rounds; below 1 is faster than PyTorch. */
export function groupRatios(results: readonly ContenderResult[]): GroupRatios {
  const compared = results.filter((result) => result.compared)
  const ratios = (key: 'minimum' | 'median'): Ratios => {
    const ours = compared.find((result) => result.side === 'ours')?.[key] ?? Number.NaN
    const torch = compared.filter((result) => result.side === 'torch')
    const byDefault = torch.find((result) => result.allocator === 'default')?.[key] ?? Number.NaN
    return { toDefault: ours / byDefault, toBest: ours / Math.min(...torch.map((result) => result[key])) }
  }
  return { minimum: ratios('minimum'), median: ratios('median') }
}

const milliseconds = (seconds: number) => (seconds * 1000).toFixed(1).padStart(9)

/** The table of one group, with its ratios below. */
export function groupTable(group: GroupResult): string {
  const width = Math.max(...group.results.map((result) => result.label.length)) + 2
  const ours = group.results.find((result) => result.id === 'ours')
  const rows = group.results.map((result) => {
    const share = result.side === 'torch' && ours ? (ours.minimum / result.minimum).toFixed(2).padStart(16) : ''
    return `  ${(result.compared ? result.label : `(${result.label})`).padEnd(width)}${milliseconds(result.minimum)}${milliseconds(result.median)}${share}`
  })
  const { minimum, median } = groupRatios(group.results)
  const parameters = (group.results[0]?.parameters ?? 0).toLocaleString('en')
  const words = ({ toDefault, toBest }: Ratios) =>
    `${toDefault.toFixed(2)} of its default, ${toBest.toFixed(2)} of its best`
  return [
    `${group.label}, ${group.precision}, batch ${group.batch}: milliseconds per step, ${group.stepsPerMeasurement} steps a round, ${parameters} parameters on both sides`,
    `  ${''.padEnd(width)}${'minimum'.padStart(9)}${'median'.padStart(9)}${'Reprise / it'.padStart(16)}`,
    ...rows,
    `  Reprise / PyTorch by minimum: ${words(minimum)}; by median: ${words(median)}`,
  ].join('\n')
}
