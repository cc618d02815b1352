// What windows ask of one data set that is ready: its overview, its pictures, its split.
import { type DatasetManifest, readManifest, summaryOf } from '../../engine/data/dataset-manifest.ts'
import type { IndexedPicture, PictureIndex } from '../../picture-index/types.ts'
import type { ClassCount, DatasetOverview, HealthReport, PictureItem, PicturePage } from '../../shared/dataset-views.ts'
import { RepriseError } from '../../shared/errors.ts'
import { datasetRecord } from '../../shared/registry/datasets.ts'
import type { PicturesInput } from '../api/services.ts'
import type { CheckedPictures } from '../runs/data-checks.ts'
import type { OpenIndexes } from './open-indexes.ts'
import { splitTable } from './split-table.ts'

const sampledPictures = 256

/** What is known beside the data set's own files. */
type Outside = Pick<DatasetOverview, 'label' | 'checking' | 'checkError' | 'usedBy'>

export interface DatasetContents {
  /** Throws `data-missing` for a data set that is not ready. */
  manifest(id: string): Promise<DatasetManifest>
  overview(id: string, outside: Outside): Promise<DatasetOverview>
  pictures(input: PicturesInput): PicturePage
  exportSplit(id: string): Promise<string>
  /** Null before the first check. */
  health(id: string): HealthReport | null
  /** Of nothing before the first check, or without an index. */
  checkedPictures(id: string): CheckedPictures
}

export function createDatasetContents(datasetsDir: string, indexes: OpenIndexes): DatasetContents {
  const manifest = async (id: string) => {
    const found = await readManifest(datasetsDir, id)
    if (found) return found
    throw new RepriseError({
      code: 'data-missing',
      message: `The data set ${id} is not ready.`,
      fix: `Fetch it with "reprise datasets fetch ${id}", or add your own with "reprise datasets add PATH".`,
    })
  }
  return {
    manifest,
    health: (id) => healthOf(indexes.get(id)),
    checkedPictures: (id) => {
      if (!indexes.has(id)) return { unreadable: 0, sizes: [] }
      const index = indexes.get(id)
      const unreadable = index.findings().find(({ kind }) => kind === 'unreadable')
      return { unreadable: unreadable ? unreadable.count - unreadable.excluded : 0, sizes: sampledSizes(index) }
    },
    overview: async (id, outside) => {
      const found = await manifest(id)
      const index = indexes.get(id)
      const classes = classCounts(index, found.classes)
      return {
        id,
        ...outside,
        path: found.path,
        storage: found.storage,
        reader: found.reader,
        reason: found.recognisedBy,
        pictures: index.count(),
        bytes: found.bytes,
        classes,
        split: found.split,
        fingerprint: found.fingerprint,
        excluded: classes.reduce((sum, { excluded }) => sum + excluded, 0),
        benchmark: found.likeness,
        benchmarkTest: recognisedTest(found),
        health: healthOf(index),
      }
    },
    pictures: ({ id, filter, offset, limit }) => {
      const index = indexes.get(id)
      const { total, pictures } = index.page(filter, offset, limit)
      return {
        total,
        items: pictures.map(({ twin, ...picture }) => ({
          ...itemOf(picture),
          twin: twin === null || twin.twin === null ? null : twinOf(index, twin.twin, twin.score ?? 0),
        })),
      }
    },
    exportSplit: async (id) => splitTable(indexes.get(id), (await manifest(id)).classes),
  }
}

function recognisedTest(manifest: DatasetManifest): DatasetOverview['benchmarkTest'] {
  const { benchmarkTest, benchmarkBy } = summaryOf(manifest)
  if (benchmarkTest == null || benchmarkBy === undefined) return null
  return { label: datasetRecord(benchmarkTest)?.label ?? benchmarkTest, by: benchmarkBy }
}

function healthOf(index: PictureIndex): HealthReport | null {
  const report = index.note('health') as Omit<HealthReport, 'findings'> | null
  return report && { ...report, findings: index.findings() }
}

/** Of pictures evenly spread over the index that the check could read. */
function sampledSizes(index: PictureIndex): CheckedPictures['sizes'] {
  const total = index.count()
  const count = Math.min(total, sampledPictures)
  return Array.from({ length: count }, (_, i) => index.get(Math.floor((i * total) / count))).flatMap((row) => {
    const examination = row?.examination
    if (!examination || examination.problem !== null) return []
    return [{ height: examination.height, width: examination.width }]
  })
}

function classCounts(index: PictureIndex, names: readonly string[]): ClassCount[] {
  const classes = names.map((name) => ({ name, train: 0, val: 0, test: 0, excluded: 0 }))
  for (const { label, part, excluded, count } of index.classCounts()) {
    const counts = classes[label]
    if (!counts) continue
    if (excluded) counts.excluded += count
    else if (part !== null) counts[part] += count
  }
  return classes
}

function itemOf({
  picture,
  name,
  label,
  part,
  bytes,
  excluded,
  examination,
}: IndexedPicture): Omit<PictureItem, 'twin'> {
  return {
    picture,
    name,
    label,
    part,
    bytes,
    width: examination?.width ?? 0,
    height: examination?.height ?? 0,
    format: examination?.format ?? null,
    problem: examination?.problem ?? null,
    excluded,
  }
}

function twinOf(index: PictureIndex, number: number, score: number): PictureItem['twin'] {
  const twin = index.get(number)
  return twin && { picture: number, name: twin.name, label: twin.label, part: twin.part, score }
}
