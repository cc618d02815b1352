// The check of a data set: every picture read once, then copies and findings; kept in its index.
import { availableParallelism } from 'node:os'
import { throwIfCancelled } from '../engine/data/cancellation.ts'
import type { DatasetManifest } from '../engine/data/dataset-manifest.ts'
import { brokenReason, decodeRgb } from '../engine/data/decode-picture.ts'
import { eventLoopBreaks } from '../engine/data/event-loop-breaks.ts'
import { collectTraces, findCopies } from '../engine/data/health/duplicates.ts'
import {
  type ExaminedPicture,
  examinePicture,
  examinePixels,
  unexaminable,
} from '../engine/data/health/examine-picture.ts'
import { healthFindings } from '../engine/data/health/findings.ts'
import { miniature } from '../engine/data/health/perceptual-hash.ts'
import { createPictureTally, missingFile } from '../engine/data/health/picture-tally.ts'
import { openPreparedPixels } from '../engine/data/prepared-pixels.ts'
import { createLocationReader } from '../engine/data/readers/read-location.ts'
import type { IndexedPicture, PictureIndex } from '../picture-index/types.ts'
import type { HealthReport } from '../shared/dataset-views.ts'
import { RepriseError } from '../shared/errors.ts'
import { type DatasetName, datasets } from '../shared/registry/datasets.ts'

export interface CheckOptions {
  datasetsDir: string
  manifest: DatasetManifest
  index: PictureIndex
  /** Told at most ten times a second. */
  onProgress: (text: string, done: number, total: number) => void
  signal: AbortSignal
}

/** Note of an index: how far a check that was broken off came. */
const progressNote = 'check'
/** Note of an index: the report without its findings, which the index keeps apart. */
const reportNote = 'health'

interface CheckProgress {
  /** Pictures before it are examined. */
  next: number
  seconds: number
}

/** Pictures of one transaction. */
const chunkPictures = 512
const rowsAtOnce = 8192
/** Files in memory; sharp has four threads. */
const mostAtOnce = 8
const tellEveryMs = 100

/**
 * Examines every picture of a prepared data set and writes examinations, findings and the report into its index. A check that was
 * broken off goes on where it was. Throws `cancelled`.
 */
export async function checkDataset(options: CheckOptions): Promise<HealthReport> {
  const { index, manifest } = options
  const onProgress = throttled(options.onProgress)
  const begun = (index.note(progressNote) as CheckProgress | null) ?? { next: 0, seconds: 0 }
  const start = performance.now()
  const seconds = () => begun.seconds + (performance.now() - start) / 1000
  const source = openPictures(options)
  try {
    await examineAll({ ...options, onProgress }, source.examine, begun.next, seconds)
    const tally = createPictureTally(manifest.classes.length)
    const used = new Uint8Array(index.count())
    const breathe = eventLoopBreaks()
    for (const rows of index.scan(rowsAtOnce)) {
      for (const row of rows) {
        tally.add(row)
        if (row.part === 'train' && !row.excluded) used[row.picture] = 1
      }
      throwIfCancelled(options.signal)
      await breathe()
    }
    const counted = tally.result()
    const statistics = channelStatistics(index, used)
    const judgedPart = counted.classes.test.some((count) => count > 0) ? 'test' : 'val'
    const copies = await findCopies(collectTraces(index.traces(), index.count(), judgedPart), {
      miniatureOf: source.miniatureOf,
      onProgress,
      signal: options.signal,
    })
    const benchmark = benchmarkOf(manifest)
    const found = healthFindings({
      tally: counted,
      copies,
      classes: manifest.classes,
      sourceProblems: index.problems().length,
      benchmark,
      ...statistics,
      reference: referenceOf(benchmark?.id ?? null, statistics.mean.length),
    })
    const report = {
      checkedAt: Date.now(),
      seconds: seconds(),
      pictures: counted.pictures,
      sizes: counted.shorterSides,
      aspects: counted.aspects,
      ...statistics,
    }
    index.together(() => {
      for (const { finding, members } of found) index.setFinding(finding, members)
      index.setNote(reportNote, report)
      index.setNote(progressNote, null)
    })
    return { ...report, findings: index.findings() }
  } finally {
    await source.close()
  }
}

async function examineAll(
  { index, onProgress, signal }: Pick<CheckOptions, 'index' | 'onProgress' | 'signal'>,
  examine: (row: IndexedPicture) => Promise<ExaminedPicture>,
  first: number,
  seconds: () => number,
): Promise<void> {
  const total = index.count()
  onProgress('Examining pictures', first, total)
  for (const rows of index.scan(chunkPictures)) {
    const open = rows.filter(({ picture }) => picture >= first)
    if (open.length === 0) continue
    const examined: ExaminedPicture[] = []
    let next = 0
    const work = async () => {
      for (let i = next++; i < open.length; i = next++) {
        throwIfCancelled(signal)
        examined[i] = await examine(open[i] as IndexedPicture)
        onProgress('Examining pictures', (open[i] as IndexedPicture).picture, total)
      }
    }
    await Promise.all(Array.from({ length: Math.min(availableParallelism() + 1, mostAtOnce) }, work))
    index.together(() => {
      for (const [i, { picture }] of open.entries()) {
        const { examination, traces } = examined[i] as ExaminedPicture
        index.setExamination(picture, examination, traces)
      }
      const last = open[open.length - 1] as IndexedPicture
      index.setNote(progressNote, { next: last.picture + 1, seconds: seconds() } satisfies CheckProgress)
    })
  }
}

function openPictures({ datasetsDir, manifest, index }: CheckOptions) {
  const files = manifest.storage === 'files' ? createLocationReader(manifest.root) : null
  const pixels = manifest.storage === 'pixels' ? openPreparedPixels(datasetsDir, manifest) : null
  return {
    examine: async ({ location, name }: IndexedPicture): Promise<ExaminedPicture> => {
      if (location.kind === 'pixels') {
        if (pixels === null) throw new Error(`${name}: raw pixels in a data set of files`)
        return examinePixels(await pixels.read(location))
      }
      try {
        if (files === null) throw new Error('a file in a data set of raw pixels')
        return examinePicture(await files.read(location))
      } catch (error) {
        return unexaminable(unreadReason(error, name))
      }
    },
    miniatureOf: async (picture: number): Promise<Uint8Array | null> => {
      const location = index.get(picture)?.location
      if (location === undefined) return null
      try {
        if (location.kind === 'pixels') return pixels && miniature(await pixels.read(location))
        return files && miniature(await decodeRgb(await files.read(location)))
      } catch {
        // Gone or changed since it was examined.
        return null
      }
    },
    close: async () => {
      files?.close()
      await pixels?.close()
    },
  }
}

/** Why a file's bytes could not be had, in a few words. */
function unreadReason(error: unknown, name: string): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const code = (cause as NodeJS.ErrnoException | null)?.code
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'data-missing') return missingFile
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read the file'
  if (code === 'ELOOP') return 'the file is a link that leads in a circle'
  if (error instanceof RepriseError) return brokenReason(new Error(error.found ?? error.message), name)
  return brokenReason(error, name)
}

/** Mean and population standard deviation over all pixels of the pictures in use, so that large pictures weigh more. */
function channelStatistics(index: PictureIndex, used: Uint8Array): { mean: number[]; std: number[] } {
  const [sums, squares]: [number[], number[]] = [[], []]
  let pixels = 0
  for (const { picture, traces } of index.traces()) {
    if (used[picture] === 0 || traces === null || traces.pixels === 0) continue
    pixels += traces.pixels
    for (const [c, sum] of traces.sums.entries()) {
      sums[c] = (sums[c] ?? 0) + sum
      squares[c] = (squares[c] ?? 0) + (traces.squares[c] ?? 0)
    }
  }
  const mean = sums.map((sum) => sum / pixels / 255)
  const std = mean.map((value, c) => Math.sqrt(Math.max(0, (squares[c] ?? 0) / pixels / 255 ** 2 - value ** 2)))
  return { mean, std }
}

/** What it looks like; benchmarks that an earlier version prepared have only their name. */
function benchmarkOf({ likeness, benchmark, counts }: DatasetManifest): DatasetManifest['likeness'] {
  if (likeness !== null || benchmark === null || !isKnown(benchmark)) return likeness
  const { label, train, test } = datasets[benchmark]
  const count = (found: number, expected: number) => ({ matching: expected, found, expected })
  const inTraining = counts.train + counts.val
  return { id: benchmark, label, train: count(inTraining, train), test: count(counts.test, test), exact: true }
}

/** The values by which recipes normalise: those of the benchmark, and of ImageNet for other colour pictures. */
function referenceOf(id: string | null, channels: number) {
  const known = id ?? (channels === 3 ? 'imagenet-1k' : null)
  return known !== null && isKnown(known) ? datasets[known] : null
}

const isKnown = (id: string): id is DatasetName => Object.hasOwn(datasets, id)

function throttled(tell: CheckOptions['onProgress']): CheckOptions['onProgress'] {
  let [last, lastText] = [0, '']
  return (text, done, total) => {
    const now = performance.now()
    if (text === lastText && now - last < tellEveryMs) return
    last = now
    lastText = text
    tell(text, done, total)
  }
}
