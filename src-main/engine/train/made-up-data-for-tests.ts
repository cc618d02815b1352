// Data that a small network learns in seconds: four classes told apart by which quarter of a 28x28 picture is bright, with noise.
import { pattern } from '../../../tools/oracle/pattern.ts'
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../../shared/run-config.ts'
import type { EpochResult, StepPoint } from '../../shared/worker-protocol.ts'
import type { ImageSet, PixelDataset } from '../data/dataset.ts'
import type { SeedReports } from './seed-training.ts'

function madeUpSet(count: number, stream: number): ImageSet {
  const noise = pattern(stream, count * 784)
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 4)
  const images = Uint8Array.from(noise, (v, i) => {
    const [y, x] = [Math.floor((i % 784) / 28), i % 28]
    const quarter = (y < 14 ? 0 : 2) + (x < 14 ? 0 : 1)
    return Math.round(60 + 40 * v + (quarter === Math.floor(i / 784) % 4 ? 120 : 0))
  })
  return { images, labels, count }
}

export const madeUpData: PixelDataset = {
  storage: 'pixels',
  summary: {
    id: 'made-up',
    label: 'Made up',
    train: 320,
    test: 90,
    classes: ['a', 'b', 'c', 'd'],
    fingerprint: 'x',
    benchmark: false,
    skipped: [],
  },
  shape: [28, 28, 1],
  mean: [0.35],
  std: [0.2],
  train: madeUpSet(320, 1),
  test: madeUpSet(90, 2),
}

/** LeNet-5 for two epochs of five steps on it, unless `more` says otherwise. */
export const madeUpConfig = (more: RunConfigInput = {}): RunConfig =>
  runConfigSchema.parse({
    ...more,
    model: { name: 'lenet5', ...more.model },
    train: { length: 2, batchSize: 64, ...more.train },
    optimizer: { lr: 0.05, ...more.optimizer },
    augment: { pad: 1, ...more.augment },
    evaluation: { batchSize: 40, ...more.evaluation },
  })

/** Reports that are kept. */
export function recordReports(more: Partial<SeedReports> = {}) {
  const record = {
    points: [] as StepPoint[],
    epochs: [] as EpochResult[],
    checkpoints: [] as string[],
    alerts: [] as string[],
    totalSteps: 0,
  }
  const reports: SeedReports = {
    phase: () => {},
    start: (info) => {
      record.totalSteps = info.totalSteps
    },
    steps: (points) => record.points.push(...points),
    epoch: (result) => record.epochs.push(result),
    checkpoint: ({ kind }) => record.checkpoints.push(kind),
    alert: ({ kind }) => record.alerts.push(kind),
    dataWait: () => {},
    ...more,
  }
  return { record, reports }
}
