// How the points of a seed's steps cross processes and stand in files: four numbers for each, in one array.
import type { SeedRecord, StepPoint } from './worker-protocol.ts'

/** Step, epoch, loss, learning rate. */
export const pointSize = 4

/** The points of a record, as they were reported. */
export function pointsOf({ points }: Pick<SeedRecord, 'points'>): StepPoint[] {
  return Array.from({ length: points.length / pointSize }, (_, i) => {
    const [step = 0, epoch = 0, loss = 0, lr = 0] = points.subarray(i * pointSize, (i + 1) * pointSize)
    return { step, epoch, loss, lr }
  })
}
