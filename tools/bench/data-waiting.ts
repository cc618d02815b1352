// How long training steps wait for their pictures: trains two networks for some steps as a run does, and says one line
// {"ready": true, "waits": [...]}. Started by data.ts.
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { FileDataset, FileSet } from '../../src-main/engine/data/dataset.ts'
import { startTensorFlow } from '../../src-main/engine/tensorflow/backend.ts'
import { findLibtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import type { TensorFlowRuntime } from '../../src-main/engine/tensorflow/runtime.ts'
import { trainSeed } from '../../src-main/engine/train/seed-training.ts'
import { describeError, toErrorReport } from '../../src-main/shared/errors.ts'
import type { RunConfig } from '../../src-main/shared/run-config.ts'
import { randomDataset } from './random-dataset.ts'
import { recipeConfig } from './recipe-config.ts'
import { median } from './run-group.ts'

export interface WaitingShare {
  label: string
  /** Time that steps waited for pictures over their whole time, as a run reports it: the median over the run. */
  share: number
  stepSeconds: number
}

async function waitingShare(
  runtime: TensorFlowRuntime,
  label: string,
  config: RunConfig,
  dataset: Parameters<typeof trainSeed>[1],
): Promise<WaitingShare> {
  const shares: number[] = []
  let stepSeconds = 0
  const reports: Parameters<typeof trainSeed>[4] = {
    phase: () => {},
    start: () => {},
    steps: (_points, clock) => {
      stepSeconds = clock.stepSeconds
    },
    epoch: () => {},
    checkpoint: () => {},
    dataWait: (share) => shares.push(share),
  }
  const stop = { now: new AbortController().signal, afterEpoch: false }
  const train = { ...config.train, lengthUnit: 'epochs' as const, length: 1 }
  await trainSeed(runtime, dataset, { ...config, train }, 1, reports, stop)
  return { label, share: median(shares), stepSeconds }
}

/** The JPEG files of `folder` as training pictures, the first of them as test pictures. */
function fileDataset(folder: string): FileDataset {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.jpg'))
  const set = (count: number): FileSet => ({
    count,
    labels: Uint16Array.from({ length: count }, (_, i) => i % 10),
    pictures: Uint32Array.from({ length: count }, (_, i) => i),
    location: (i) => ({ kind: 'file', path: (paths[i] ?? '').replaceAll('\\', '/') }),
  })
  const { summary, mean, std } = randomDataset([1, 1, 3], 1, 10)
  const [train, test] = [set(paths.length), set(16)]
  return {
    storage: 'files',
    root: folder,
    shape: [0, 0, 3],
    summary: { ...summary, train: train.count, test: test.count },
    mean,
    std,
    train,
    test,
    decoded: null,
  }
}

async function main(): Promise<void> {
  const { values: options } = parseArgs({ options: { folder: { type: 'string', default: '.' } } })
  const runtime = await startTensorFlow((await findLibtensorflow()).folder)
  const large = recipeConfig('resnet18', 'fp32', false)
  const waits = [
    await waitingShare(
      runtime,
      'ResNet-18, 224 pixels, batch 16',
      {
        ...large,
        train: { ...large.train, batchSize: 16 },
        augment: { ...large.augment, crop: 'random-resized', flip: 'random' },
        evaluation: { ...large.evaluation, resize: 256 },
      },
      fileDataset(options.folder),
    ),
    await waitingShare(
      runtime,
      'ResNet-20, 32 pixels, batch 128',
      recipeConfig('resnet20-cifar', 'fp32', true),
      randomDataset([32, 32, 3], 128 * 40, 10),
    ),
  ]
  process.stdout.write(`${JSON.stringify({ ready: true, waits })}\n`)
}

try {
  await main()
  // TensorFlow's threads must not outlive the library at a normal end.
  process.exit(0)
} catch (error) {
  process.stderr.write(`${describeError(toErrorReport(error))}\n`)
  process.exit(1)
}
