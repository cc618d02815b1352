// The first training inputs of a step as pictures, made by the functions that training feeds its network by.
import { join } from 'node:path'
import type { Dataset } from '../engine/data/dataset.ts'
import { datasetFolder, readManifest } from '../engine/data/dataset-manifest.ts'
import { encodePng, inputPixels } from '../engine/data/input-pixels.ts'
import { loadDataset } from '../engine/data/load-dataset.ts'
import { normalizationOf } from '../engine/data/normalization.ts'
import { createBatchPlanner } from '../engine/train/batch-plan.ts'
import { needsFeed, openPictureFeed, type PictureFeed } from '../engine/train/picture-feed.ts'
import { type PreparedStep, preparedStep } from '../engine/train/prepared-step.ts'
import { indexFile, openPictureIndex } from '../picture-index/open-index.ts'
import type { PictureIndex } from '../picture-index/types.ts'
import type { PreviewInput, PreviewInputs } from '../shared/dataset-views.ts'
import type { RunConfig } from '../shared/run-config.ts'
import type { PreviewQuestion } from '../shared/worker-protocol.ts'
import { partReader } from './picture-parts.ts'

const shownInputs = 16

export interface Previews {
  /** Rejects with what loading the data set and preparing its pictures throw, or with the signal's reason before that. */
  inputs(question: PreviewQuestion, signal?: AbortSignal): Promise<PreviewInputs>
  close(): Promise<void>
}

interface OpenPreview {
  key: string
  dataset: Dataset
  index: PictureIndex
  feed: PictureFeed | null
}

/**
 * Keeps the data set and the threads of the last question, which the next ones are most often about. Questions are answered one
 * after the other, those that nobody waits for any more included: each may close what the one before has open.
 */
export function createPreviews(): Previews {
  let latest: OpenPreview | null = null
  let last: Promise<unknown> = Promise.resolve()

  const closeLatest = async () => {
    const closing = latest
    latest = null
    closing?.index.close()
    await closing?.feed?.pool.close()
  }
  const opened = async (question: PreviewQuestion): Promise<OpenPreview> => {
    const { config, datasetsDir, libtensorflowDir } = question
    const manifest = await readManifest(datasetsDir, config.data.dataset)
    const key = JSON.stringify([config, datasetsDir, libtensorflowDir, manifest?.fingerprint, manifest?.preparedAt])
    if (latest?.key === key) return latest
    await closeLatest()
    latest = { key, ...(await openPreview(question)) }
    return latest
  }

  const inputs = async (question: PreviewQuestion, signal: AbortSignal | undefined): Promise<PreviewInputs> => {
    signal?.throwIfAborted()
    const { dataset, index, feed } = await opened(question)
    const { config, seed } = question
    const { totalSteps } = createBatchPlanner(dataset.train.count, config, seed)
    const step = Math.min(question.step, totalSteps - 1)
    const prepared = await preparedStep(dataset, config, seed, step, { count: shownInputs, feed })
    const { epoch, input, mixing } = prepared
    return {
      step,
      totalSteps,
      epoch,
      height: input[0],
      width: input[1],
      mixing: mixing.box !== null ? 'cutmix' : mixing.lambda < 1 ? 'mixup' : 'none',
      inputs: await shown(prepared, dataset, index, config),
    }
  }
  const afterLast = <T>(action: () => Promise<T>): Promise<T> => {
    const done = last.then(action)
    last = done.catch(() => {})
    return done
  }

  return {
    inputs: (question, signal) => afterLast(() => inputs(question, signal)),
    close: () => afterLast(closeLatest),
  }
}

async function openPreview(question: PreviewQuestion): Promise<Omit<OpenPreview, 'key'>> {
  const { config, datasetsDir, libtensorflowDir } = question
  const { dataset: id, ...data } = config.data
  const dataset = await loadDataset(id, {
    ...data,
    datasetsDir,
    readParts: partReader(datasetsDir),
    shared: (shape) => needsFeed(config, shape),
  })
  const index = openPictureIndex(join(datasetFolder(datasetsDir, id), indexFile), { readonly: true })
  const feed = needsFeed(config, dataset.shape) ? openPictureFeed(dataset, config, libtensorflowDir) : null
  return { dataset, index, feed }
}

async function shown(
  prepared: PreparedStep,
  dataset: Dataset,
  index: PictureIndex,
  config: RunConfig,
): Promise<PreviewInput[]> {
  const { indices, inputs, targets, input, channels, broken } = prepared
  const [height, width] = input
  const normalization = normalizationOf(config.input, dataset)
  const length = height * width * channels
  // The first split of the JSD loss is spared by policy and erasing; the second one shows them.
  const split = config.augment.splits > 1 ? 1 : 0
  const numbers = dataset.storage === 'files' ? dataset.train.pictures : index.partRows('train').pictures
  const { classes } = dataset.summary
  const uniform = config.train.labelSmoothing / classes.length
  return Promise.all(
    Array.from(indices, async (place, i): Promise<PreviewInput> => {
      const start = (split * indices.length + i) * length
      const pixels = inputPixels(inputs.subarray(start, start + length), normalization)
      const png = await encodePng(pixels, height, width, channels === 1 ? 1 : 3)
      const picture = numbers[place] ?? 0
      const row = targets.subarray(i * classes.length, (i + 1) * classes.length)
      return {
        picture,
        name: index.get(picture)?.name ?? '',
        label: dataset.train.labels[place] ?? 0,
        image: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
        targets: targetsOf(row, classes, uniform),
        problem: broken.find((report) => report.set === 'train' && report.place === place)?.reason ?? null,
      }
    }),
  )
}

/** Classes above what smoothing gives to all, highest first. */
function targetsOf(row: Float32Array, classes: readonly string[], uniform: number): PreviewInput['targets'] {
  return Array.from(row, (share, label) => ({ label, className: classes[label] ?? String(label), share }))
    .filter(({ share }) => share > uniform + 1e-6)
    .sort((a, b) => b.share - a.share)
}
