// Two trainings that shall be one and the same: what each has saved at its end, compared bit by bit.
import { join } from 'node:path'
import type { SafetensorsFile, SafetensorsTensor } from '../engine/formats/safetensors.ts'
import { listCheckpoints, readCheckpoint } from '../engine/train/checkpoint.ts'
import { recordedPoints } from '../engine/train/seed-record.ts'
import { readCountersMetadata } from '../engine/train/training-state.ts'
import { RepriseError } from '../shared/errors.ts'
import type { ResumeCertificate } from '../shared/resume-certificate.ts'
import type { CheckpointKind } from '../shared/saved-state.ts'

export type TrainingComparison = Pick<
  ResumeCertificate,
  'equal' | 'tensors' | 'bytes' | 'reports' | 'maxDifference' | 'firstDifference'
>

/** Counters that tell of clocks and of file names, which differ between equal trainings. */
const ownCounters: readonly string[] = ['trainSeconds', 'seconds', 'bestFile']

/**
 * Compares the newest states of a seed of two runs, given by their folders: every tensor (weights, what the optimizer holds,
 * averages, statistics, loss scale), the loss and rate of every step, the figures of every evaluation, the counters; and the
 * weights of the best evaluation. Times are left out. Throws `checkpoint-damaged` where a file is not whole, and `data-missing`
 * where a run has saved nothing.
 */
export function compareTrainings(runDir: string, otherDir: string, seed: number): TrainingComparison {
  const differences: { name: string; size: number }[] = []
  let [tensors, bytes, reports] = [0, 0, 0]
  for (const kind of ['state', 'best'] as const) {
    const [one, other] = [newest(runDir, seed, kind), newest(otherDir, seed, kind)]
    const others = new Map(other.file.tensors.map((tensor) => [tensor.name, tensor]))
    for (const tensor of one.file.tensors) {
      const size = largestDifference(tensor, others.get(tensor.name))
      if (size !== null) differences.push({ name: `${kind}: ${tensor.name}`, size })
      others.delete(tensor.name)
      tensors += 1
      bytes += tensor.data.length
    }
    for (const name of others.keys()) differences.push({ name: `${kind}: ${name}`, size: Number.MAX_VALUE })
    if (kind === 'best') continue
    const [figures, otherFigures] = [countedFigures(one), countedFigures(other)]
    for (const [name, value] of figures) {
      if (Object.is(value, otherFigures.get(name))) continue
      differences.push({ name, size: distance(Number(value), Number(otherFigures.get(name))) })
    }
    if (figures.size !== otherFigures.size) differences.push({ name: 'evaluations', size: Number.MAX_VALUE })
    const points = recordedPoints(new Map(one.file.tensors.map((tensor) => [tensor.name, tensor]))).length / 4
    reports = points + readCountersMetadata(one.file, one.path).epochs.length
  }
  return {
    equal: differences.length === 0,
    tensors,
    bytes,
    reports,
    maxDifference: Math.max(0, ...differences.map(({ size }) => size)),
    firstDifference: differences[0]?.name ?? null,
  }
}

interface Saved {
  path: string
  file: SafetensorsFile
}

function newest(runDir: string, seed: number, kind: CheckpointKind): Saved {
  const dir = join(runDir, 'checkpoints')
  const entry = listCheckpoints(dir, seed).entries.findLast((known) => known.kind === kind)
  if (entry) return { path: join(dir, entry.file), file: readCheckpoint(dir, entry) }
  throw new RepriseError({
    code: 'data-missing',
    message: `The training has saved no checkpoint of the kind ${kind}.`,
    found: dir,
    fix: 'Try again with more pictures.',
  })
}

/** Every number and word of counters and evaluations by its path, without times. */
function countedFigures({ file, path }: Saved): Map<string, unknown> {
  const { counters, epochs } = readCountersMetadata(file, path)
  const figures = new Map<string, unknown>()
  const add = (name: string, value: unknown) => {
    if (ownCounters.includes(name.split('.').at(-1) ?? '')) return
    if (typeof value !== 'object' || value === null) figures.set(name, value)
    else for (const [key, inner] of Object.entries(value)) add(`${name}.${key}`, inner)
  }
  add('counters', counters)
  add('evaluations', epochs)
  return figures
}

/** Null where both have the same bytes under the same type and shape. */
function largestDifference(one: SafetensorsTensor, other: SafetensorsTensor | undefined): number | null {
  if (!other || one.dtype !== other.dtype || String(one.shape) !== String(other.shape)) return Number.MAX_VALUE
  if (Buffer.compare(one.data, other.data) === 0) return null
  const values = valuesOf(one)
  const others = valuesOf(other)
  return values.reduce((largest, value, i) => Math.max(largest, distance(value, others[i] ?? Number.NaN)), 0)
}

/** Numbers that are not equal but have no finite distance are as far apart as can be. */
function distance(one: number, other: number): number {
  if (Object.is(one, other)) return 0
  const size = Math.abs(one - other)
  return Number.isFinite(size) ? size : Number.MAX_VALUE
}

/** Single and double precision as numbers, any other type by its bytes. */
function valuesOf({ dtype, data }: SafetensorsTensor): number[] {
  const { buffer } = new Uint8Array(data)
  if (dtype === 'F32') return [...new Float32Array(buffer)]
  return [...(dtype === 'F64' ? new Float64Array(buffer) : data)]
}
