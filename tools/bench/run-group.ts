// Rounds of one group: its processes stay alive and take turns, so that all see the same machine.
import { RepriseError } from '../../src-main/shared/errors.ts'
import type { Contender, Group } from './configurations.ts'
import { startTimedProcess, type TimedProcess } from './timed-process.ts'

export interface ContenderResult {
  id: string
  label: string
  side: 'ours' | 'torch'
  compared: boolean
  allocator: string
  threads: number | null
  /** Trainable scalars of the network. */
  parameters: number
  versions: Record<string, string>
  /** Seconds of one step in each round. */
  rounds: number[]
  minimum: number
  median: number
}

export interface GroupResult {
  net: string
  label: string
  precision: string
  batch: number
  stepsPerMeasurement: number
  /** Share of all cores that other programs used just before the rounds, 0..1. */
  otherLoad: number
  results: ContenderResult[]
}

/** From this share on the figures are called doubtful. */
const busyMachine = 0.1

export interface GroupOptions {
  rounds: number
  /** About how long one measurement takes, in seconds. */
  measurementSeconds: number
  /** Share of all cores in use while the group waits. */
  measureLoad: () => Promise<number>
  command: (contender: Contender) => { command: string; args: string[]; env: NodeJS.ProcessEnv }
  say: (words: string) => void
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The order of a round: everyone once, each round another one first. */
export function turnOrder(count: number, round: number): number[] {
  return Array.from({ length: count }, (_, i) => (i + round) % count)
}

export async function runGroup(group: Group, options: GroupOptions): Promise<GroupResult> {
  const title = `${group.label} ${group.precision}, batch ${group.batch}`
  const processes: TimedProcess[] = []
  try {
    for (const [i, contender] of group.contenders.entries()) {
      options.say(`${title}: warming up ${contender.label} (${i + 1} of ${group.contenders.length})`)
      const { command, args, env } = options.command(contender)
      processes.push(await startTimedProcess(command, args, env))
    }
    requireEqualNetworks(group, processes)
    const otherLoad = await options.measureLoad()
    if (otherLoad > busyMachine) {
      options.say(
        `Other programs use ${Math.round(otherLoad * 100)} % of the processor: these figures will be doubtful.`,
      )
    }
    const trial = await (processes[0] as TimedProcess).time(1)
    const steps = Math.max(1, Math.round(options.measurementSeconds / trial))
    const rounds: number[][] = group.contenders.map(() => [])
    for (let round = 0; round < options.rounds; round += 1) {
      options.say(`${title}: round ${round + 1} of ${options.rounds}, ${steps} steps each`)
      for (const i of turnOrder(processes.length, round)) {
        rounds[i]?.push((await (processes[i] as TimedProcess).time(steps)) / steps)
      }
    }
    return {
      net: group.net,
      label: group.label,
      precision: group.precision,
      batch: group.batch,
      stepsPerMeasurement: steps,
      otherLoad,
      results: group.contenders.map(({ arguments: _, ...contender }, i) => ({
        ...contender,
        ...(processes[i] as TimedProcess).ready,
        rounds: rounds[i] ?? [],
        minimum: Math.min(...(rounds[i] ?? [])),
        median: median(rounds[i] ?? []),
      })),
    }
  } finally {
    await Promise.all(processes.map((process) => process.stop()))
  }
}

/** Throws `internal` when the sides do not have equally many parameters: they would not train the same network. */
function requireEqualNetworks({ label, contenders }: Group, processes: readonly TimedProcess[]): void {
  const counts = processes.map(({ ready }) => ready.parameters)
  if (counts.every((count) => count === counts[0])) return
  throw new RepriseError({
    code: 'internal',
    message: `The contenders do not train the same ${label}.`,
    expected: 'equally many parameters on all sides',
    found: contenders.map((contender, i) => `${contender.label}: ${counts[i]}`).join(', '),
  })
}
