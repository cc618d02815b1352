// The learning rate over steps as a few points, for the chart beside a run's settings.
import { buildSchedule } from '../../engine/train/schedules/build-schedule.ts'
import type { SchedulePoint } from '../../shared/api.ts'
import type { RunConfig } from '../../shared/run-config.ts'

/** Points spread evenly over a schedule, beside those at its turns. */
const spread = 240

/** A bend between neighbouring steps of more than this share of the largest rate is a turn and keeps its points. */
const bend = 1e-3

/**
 * Learning rate of a run on `trainPictures` pictures: its first and last step, both sides of every jump, and an even
 * spread between. Throws `config-out-of-range` as the schedule does.
 */
export function schedulePreview(config: RunConfig, trainPictures: number): SchedulePoint[] {
  const { train, data } = config
  const pictures = data.limitTrain > 0 ? Math.min(data.limitTrain, trainPictures) : trainPictures
  const batches = pictures / train.batchSize
  const stepsPerEpoch = Math.max(1, train.dropLast ? Math.floor(batches) : Math.ceil(batches))
  const length = train.lengthUnit === 'epochs' ? train.length * stepsPerEpoch : train.length
  const totalSteps = Math.max(1, Math.round(length))
  const schedule = buildSchedule(config, stepsPerEpoch, totalSteps)
  const stride = Math.max(1, Math.floor(totalSteps / spread))
  const points: SchedulePoint[] = []
  let largest = 0
  for (let step = 0; step < totalSteps; step++) {
    const lr = schedule(step)
    largest = Math.max(largest, lr)
    const before = step > 0 ? schedule(step - 1) : lr
    const after = step + 1 < totalSteps ? schedule(step + 1) : lr
    const turns = Math.abs(after - 2 * lr + before) > bend * largest
    if (turns || step % stride === 0 || step === totalSteps - 1) points.push({ step, lr })
  }
  return points
}
