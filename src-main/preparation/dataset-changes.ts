// What is changed in a data set that is ready: its split, what is left out, what a check found out; and its index made anew.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { NamedPixels, SourceData } from '../engine/data/dataset.ts'
import { readCachedLabels, writeManifest } from '../engine/data/dataset-cache.ts'
import {
  type DatasetManifest,
  datasetFolder,
  type PixelManifest,
  readManifest,
} from '../engine/data/dataset-manifest.ts'
import { createPictureIndex, discardGrowingIndex, indexFile, openPictureIndex } from '../picture-index/open-index.ts'
import type { PictureIndex } from '../picture-index/types.ts'
import type { SplitRecipe } from '../shared/dataset-views.ts'
import { RepriseError } from '../shared/errors.ts'
import type { ChangeDataJob } from '../shared/worker-protocol.ts'
import { indexPixels } from './index-pixels.ts'
import { checkedContent, withParts } from './part-facts.ts'
import { splitIndex } from './split-index.ts'

/** Note of an index: the recipe of its parts, and the fingerprint that the manifest must have. */
export const splitNote = 'split'

interface SplitNote {
  split: SplitRecipe
  fingerprint: string
}

/**
 * Splits a data set anew or changes what is left out: in the index in one transaction, then in the manifest, whose new form is
 * returned. A crash between the two is made good by `ensureIndex`.
 * Throws `data-missing` where the data set is not ready, and what splitting throws; nothing is changed then.
 */
export async function changeDataset(
  datasetsDir: string,
  id: string,
  change: ChangeDataJob['change'],
): Promise<DatasetManifest> {
  const manifest = await ensureIndex(datasetsDir, await requireManifest(datasetsDir, id))
  return inIndex(datasetsDir, id, async (index) => {
    let changed = manifest
    index.together(() => {
      const split = change.kind === 'split' ? splitIndex(index, change.split) : manifest.split
      if (change.kind === 'exclude') index.setExcluded(excludedPictures(index, change), change.excluded)
      changed = withParts(manifest, index, split)
      if (changed.storage === 'files' && changed.content !== null) {
        changed = { ...changed, content: checkedContent(index) }
      }
      index.setNote(splitNote, { split, fingerprint: changed.fingerprint } satisfies SplitNote)
    })
    await writeManifest(datasetsDir, changed)
    return changed
  })
}

/**
 * Keeps what a check of every picture found out: channel statistics of the training part, on 0..1 pixels, and the hash of the
 * content. Raw pixels had both from the start.
 */
export async function keepCheck(
  datasetsDir: string,
  id: string,
  statistics: { mean: number[]; std: number[] },
): Promise<DatasetManifest> {
  const manifest = await requireManifest(datasetsDir, id)
  if (manifest.storage === 'pixels') return manifest
  return inIndex(datasetsDir, id, async (index) => {
    const checked = { ...manifest, ...statistics, content: checkedContent(index) }
    await writeManifest(datasetsDir, checked)
    return checked
  })
}

/** Makes the index of raw pixels that an earlier version prepared without one, and a manifest that lags behind its index. */
export async function ensureIndex(datasetsDir: string, manifest: DatasetManifest): Promise<DatasetManifest> {
  const isThere = await stat(join(datasetFolder(datasetsDir, manifest.id), indexFile)).catch((): null => null)
  if (isThere === null && manifest.storage === 'pixels') {
    const sets = await readCachedLabels(datasetsDir, manifest)
    return keepPixelIndex(datasetsDir, manifest, { ...sets, pictures: null })
  }
  return inIndex(datasetsDir, manifest.id, async (index) => {
    const note = index.note(splitNote) as SplitNote | null
    if (note === null || note.fingerprint === manifest.fingerprint) return manifest
    const current = withParts(manifest, index, note.split)
    await writeManifest(datasetsDir, current)
    return current
  })
}

/** Writes the index of raw pixels, then their manifest with the parts that the index has. */
export async function keepPixelIndex(
  datasetsDir: string,
  manifest: PixelManifest,
  source: Pick<SourceData, 'pictures'> & {
    train: Pick<SourceData['train'], 'labels' | 'count'>
    test: Pick<SourceData['test'], 'labels' | 'count'>
  },
): Promise<PixelManifest> {
  const file = join(datasetFolder(datasetsDir, manifest.id), indexFile)
  discardGrowingIndex(file)
  const index = createPictureIndex(file)
  try {
    indexPixels(index, source, source.pictures)
    // Pictures that an earlier version split itself have lost their order: their sets are all that is known.
    const isLost = source.pictures === null && manifest.split.kind !== 'given'
    if (isLost) index.setParts(setsOf(index))
    else splitIndex(index, manifest.split)
    const kept = withParts(manifest, index, manifest.split)
    index.setNote(splitNote, { split: kept.split, fingerprint: kept.fingerprint } satisfies SplitNote)
    index.finish()
    await writeManifest(datasetsDir, kept)
    return kept
  } catch (error) {
    index.close()
    throw error
  }
}

function setsOf(index: PictureIndex): NamedPixels['set'][] {
  const sets: NamedPixels['set'][] = []
  for (const chunk of index.scan(8192)) {
    for (const { location } of chunk) sets.push(location.kind === 'pixels' ? location.set : 'train')
  }
  return sets
}

function excludedPictures(
  index: PictureIndex,
  change: Extract<ChangeDataJob['change'], { kind: 'exclude' }>,
): number[] {
  if ('pictures' in change) return change.pictures
  return index.members(change.finding).map(({ picture }) => picture)
}

async function requireManifest(datasetsDir: string, id: string): Promise<DatasetManifest> {
  const manifest = await readManifest(datasetsDir, id)
  if (manifest !== null) return manifest
  throw new RepriseError({
    code: 'data-missing',
    message: `The data set ${id} is not ready`,
    fix: 'Prepare it first.',
  })
}

async function inIndex<T>(datasetsDir: string, id: string, work: (index: PictureIndex) => Promise<T>): Promise<T> {
  const index = openPictureIndex(join(datasetFolder(datasetsDir, id), indexFile), { readonly: false })
  try {
    return await work(index)
  } finally {
    index.close()
  }
}
