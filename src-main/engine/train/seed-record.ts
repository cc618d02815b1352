// What a seed has reported so far. It travels with the saved state, so that a history which missed the last reports gets them anew.
import { pointSize } from '../../shared/seed-record.ts'
import type { EpochResult, SeedRecord, StepPoint } from '../../shared/worker-protocol.ts'
import type { SafetensorsTensor, TensorToWrite } from '../formats/safetensors.ts'

const tensorName = 'record.points'

export interface GrowingRecord {
  step(point: StepPoint): void
  epoch(result: EpochResult): void
  readonly epochs: readonly EpochResult[]
  /** A copy. */
  read(): SeedRecord
  replace(record: SeedRecord): void
  /** The points as a float64 tensor [steps, 4]. */
  tensor(): TensorToWrite
}

export function createSeedRecord(): GrowingRecord {
  let points = new Float64Array(1024 * pointSize)
  let used = 0
  let epochs: EpochResult[] = []
  return {
    step({ step, epoch, loss, lr }) {
      if (used === points.length) {
        const larger = new Float64Array(points.length * 2)
        larger.set(points)
        points = larger
      }
      points.set([step, epoch, loss, lr], used)
      used += pointSize
    },
    epoch: (result) => epochs.push(result),
    get epochs() {
      return epochs
    },
    read: () => ({ points: points.slice(0, used), epochs: [...epochs] }),
    replace: (record) => {
      used = record.points.length
      points = new Float64Array(Math.max(1024 * pointSize, used * 2))
      points.set(record.points)
      epochs = [...record.epochs]
    },
    tensor: () => ({
      name: tensorName,
      dtype: 'F64',
      shape: [used / pointSize, pointSize],
      data: points.subarray(0, used),
    }),
  }
}

/** The points out of the tensors of a state, none where there are none. */
export function recordedPoints(tensors: ReadonlyMap<string, SafetensorsTensor>): Float64Array {
  const tensor = tensors.get(tensorName)
  if (tensor?.dtype !== 'F64') return new Float64Array(0)
  return new Float64Array(new Uint8Array(tensor.data).buffer)
}
