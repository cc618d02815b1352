// manifest.json of a prepared data set: what it is, what lies beside it, and how to notice that this is damaged.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { SplitRecipe } from '../../shared/dataset-views.ts'
import { RepriseError } from '../../shared/errors.ts'
import { datasetNames } from '../../shared/registry/datasets.ts'
import { readerNames } from '../../shared/registry/readers.ts'
import { splitRecipeSchema } from '../../shared/split-recipe.ts'
import type { DataSummary } from '../../shared/worker-protocol.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const cacheFile = z.strictObject({ file: z.string().regex(/^[a-z0-9.-]+$/), bytes: count, sha256 })
const cachedSet = z.strictObject({ count, images: cacheFile, labels: cacheFile, content: sha256 })
const pictureShape = z.tuple([z.int().positive(), z.int().positive(), z.int().min(1).max(4)])
const skipped = z.array(z.strictObject({ path: z.string(), reason: z.string() }))
const matchCount = z.strictObject({ matching: count.nullable(), found: count, expected: count })

/** Raw pixels as they were prepared, whatever parts they are in now. */
const pixelFields = {
  shape: pictureShape,
  labelBits: z.union([z.literal(8), z.literal(16)]),
  train: cachedSet,
  test: cachedSet,
  resized: z.string().nullable(),
}

const identityFields = {
  id: z.string().min(1),
  label: z.string(),
  classes: z.array(z.string()).min(1),
  /** Per channel, on 0..1 pixels of the training pictures; empty for files before their check. */
  mean: z.array(z.number()),
  std: z.array(z.number()),
  /** Of content, split and exclusions; of files, whose content nobody has read yet, by names and sizes. */
  fingerprint: sha256,
  /** Registry id of the benchmark that this is as it was prepared, by its content or all its files; or null. */
  benchmark: z.string().nullable(),
  recognisedBy: z.string(),
  skipped,
  /** The user's file or folder; null for shipped and fetched data. */
  path: z.string().nullable(),
  preparedAt: z.string(),
}

const currentFields = {
  ...identityFields,
  version: z.literal(2),
  reader: z.enum(readerNames).nullable(),
  split: splitRecipeSchema,
  /** The split before the user chose another. */
  preparedSplit: splitRecipeSchema,
  /** Pictures in use. */
  counts: z.strictObject({ train: count, val: count, test: count }),
  /** Pictures that the user left out, by the part they would be in. */
  leftOut: z.strictObject({ train: count, val: count, test: count }),
  /** True where training and test pictures are not those that lie in the two files of raw pixels. */
  chosenParts: z.boolean(),
  /** Registry id of the benchmark whose test pictures, all and no others, are the test part; or null. */
  benchmarkTest: z.string().nullable(),
  /** The same of the test part as it was prepared, where files or counts told it and not the content. */
  recognisedTest: z
    .strictObject({ benchmark: z.enum(datasetNames), by: z.enum(['files', 'counts']) })
    .nullable()
    .default(null),
  /** The benchmark on this machine that it looks like. */
  likeness: z
    .strictObject({ id: z.string(), label: z.string(), train: matchCount, test: matchCount, exact: z.boolean() })
    .nullable(),
  /** Of all encoded pictures, or of the raw pixels. */
  bytes: count,
}

const currentSchema = z.discriminatedUnion('storage', [
  z.strictObject({ ...currentFields, ...pixelFields, storage: z.literal('pixels') }),
  z.strictObject({
    ...currentFields,
    storage: z.literal('files'),
    shape: z.tuple([z.literal(0), z.literal(0), z.literal(3)]),
    /** Folder or archive that the locations in the index start from; absolute. */
    root: z.string(),
    /** Of names, sizes and labels, in the order of the source. */
    source: sha256,
    /** Of the decoded pixels and labels by part, once a check has read them all. */
    content: sha256.nullable(),
  }),
])

/** Of version 0.1.0, which knew raw pixels only. */
const firstSchema = z.strictObject({
  ...identityFields,
  ...pixelFields,
  version: z.literal(1),
  split: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('given') }),
    z.strictObject({ kind: z.literal('stratified'), testShare: z.number(), seed: z.int() }),
  ]),
})

const manifestSchema = z.union([currentSchema, firstSchema.transform(ofFirstVersion)])

export type DatasetManifest = z.output<typeof currentSchema>
/** The benchmark whose test pictures those of a data set are, where its content does not tell it, and what did. */
export type RecognisedTest = NonNullable<DatasetManifest['recognisedTest']>
export type PixelManifest = Extract<DatasetManifest, { storage: 'pixels' }>
export type FileManifest = Extract<DatasetManifest, { storage: 'files' }>

/** The parts and exclusions of a data set that is as it was prepared, without validation pictures. */
export function untouchedParts(
  split: SplitRecipe,
  counts: { train: number; test: number },
  benchmark: string | null,
  recognisedTest: RecognisedTest | null = null,
) {
  return {
    split,
    preparedSplit: split,
    counts: { ...counts, val: 0 },
    leftOut: { train: 0, val: 0, test: 0 },
    chosenParts: false,
    benchmarkTest: benchmark,
    recognisedTest,
  }
}

function ofFirstVersion({ version: _, split, ...manifest }: z.output<typeof firstSchema>): PixelManifest {
  const recipe: SplitRecipe =
    split.kind === 'given'
      ? { kind: 'given', valShare: 0, seed: 1 }
      : { kind: 'ratio', testShare: split.testShare, valShare: 0, seed: split.seed, stratified: true }
  const counts = { train: manifest.train.count, test: manifest.test.count }
  return {
    ...manifest,
    version: 2,
    storage: 'pixels',
    reader: null,
    ...untouchedParts(recipe, counts, manifest.benchmark),
    likeness: null,
    bytes: manifest.train.images.bytes + manifest.test.images.bytes,
  }
}

export const manifestFile = 'manifest.json'

/**
 * Reads the manifest of one prepared data set; null when there is none.
 * Throws `data-format` when it is there but cannot be read as one.
 */
export async function readManifest(datasetsDir: string, id: string): Promise<DatasetManifest | null> {
  const file = join(datasetFolder(datasetsDir, id), manifestFile)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
  const parsed = manifestSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new RepriseError({
    code: 'data-format',
    message: `The description of the prepared data set ${id} is damaged`,
    found: file,
    fix: 'Prepare the data set again.',
    details: { issues: z.prettifyError(parsed.error) },
  })
}

/** Manifests of everything that is prepared under `datasetsDir`; damaged ones are left out. */
export async function listManifests(datasetsDir: string): Promise<DatasetManifest[]> {
  const entries = await readdir(datasetsDir, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter((entry) => entry.isDirectory() && isDatasetId(entry.name))
  const manifests = await Promise.all(
    folders.map((folder) => readManifest(datasetsDir, folder.name).catch((): null => null)),
  )
  return manifests.filter((manifest) => manifest !== null)
}

/** Lower-case letters, digits, dots and dashes, so that an id is a safe folder name on every system. */
export function isDatasetId(id: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,99}$/.test(id)
}

/** The folder of one prepared data set. Throws `usage` when the id would not be a safe folder name. */
export function datasetFolder(datasetsDir: string, id: string): string {
  if (isDatasetId(id)) return join(datasetsDir, id)
  throw new RepriseError({
    code: 'usage',
    message: `"${id}" cannot be the id of a data set`,
    expected: 'up to 100 lower-case letters, digits, dots, dashes or underscores',
  })
}

/** What other processes are told about the whole data set. */
export function summaryOf(manifest: DatasetManifest): DataSummary {
  const { id, label, counts, leftOut, classes, fingerprint, benchmarkTest, skipped } = manifest
  const split = !isDeepStrictEqual(manifest.split, manifest.preparedSplit)
  const isChanged = split || leftOut.train + leftOut.val + leftOut.test > 0
  return {
    id,
    label,
    train: counts.train,
    test: counts.test,
    classes,
    fingerprint,
    ...(manifest.storage === 'files' && manifest.content !== null ? { content: manifest.content } : {}),
    benchmark: manifest.benchmark !== null && !isChanged,
    benchmarkTest,
    ...(benchmarkTest === null ? {} : { benchmarkBy: manifest.recognisedTest?.by ?? 'content' }),
    ...(isChanged ? { changes: { leftOutTrain: leftOut.train + leftOut.val, leftOutTest: leftOut.test, split } } : {}),
    skipped,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
