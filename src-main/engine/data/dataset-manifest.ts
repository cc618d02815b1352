// manifest.json beside the raw pixels of a prepared data set: what lies there and how to notice that it is damaged.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { RepriseError } from '../../shared/errors.ts'
import type { DataSummary } from '../../shared/worker-protocol.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const cacheFile = z.strictObject({ file: z.string().regex(/^[a-z0-9.-]+$/), bytes: count, sha256 })
const cachedSet = z.strictObject({ count, images: cacheFile, labels: cacheFile, content: sha256 })

const manifestSchema = z.strictObject({
  version: z.literal(1),
  id: z.string().min(1),
  label: z.string(),
  classes: z.array(z.string()).min(1),
  shape: z.tuple([z.int().positive(), z.int().positive(), z.int().min(1).max(4)]),
  mean: z.array(z.number()),
  std: z.array(z.number()),
  labelBits: z.union([z.literal(8), z.literal(16)]),
  train: cachedSet,
  test: cachedSet,
  fingerprint: sha256,
  /** Registry id of the benchmark whose content this is, or null. */
  benchmark: z.string().nullable(),
  split: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('given') }),
    z.strictObject({ kind: z.literal('stratified'), testShare: z.number(), seed: z.int() }),
  ]),
  recognisedBy: z.string(),
  resized: z.string().nullable(),
  skipped: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  /** The user's file or folder; null for shipped and fetched data. */
  path: z.string().nullable(),
  preparedAt: z.string(),
})

export type DatasetManifest = z.output<typeof manifestSchema>
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
  return {
    id: manifest.id,
    label: manifest.label,
    train: manifest.train.count,
    test: manifest.test.count,
    classes: manifest.classes,
    fingerprint: manifest.fingerprint,
    benchmark: manifest.benchmark !== null,
    skipped: manifest.skipped,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
