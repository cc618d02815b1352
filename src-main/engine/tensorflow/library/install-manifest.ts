// The list of files of an install with their sizes and hashes. It is written last, so a folder with a manifest was whole
// once; its sizes are checked at every start and its hashes when asked.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { RepriseError } from '../../../shared/errors.ts'

export const manifestName = 'manifest.json'

const manifestSchema = z.strictObject({
  format: z.literal(1),
  version: z.string(),
  variant: z.enum(['cpu', 'cuda']),
  /** What it was taken from: wheels or the archive, with their sha256. */
  origin: z.array(z.strictObject({ name: z.string(), sha256: z.string() })),
  /** Library file names in the order of loading. */
  libraries: z.array(z.string()),
  files: z.record(z.string(), z.strictObject({ size: z.number(), sha256: z.string() })),
})

export type InstallManifest = z.infer<typeof manifestSchema>

/** The digest of a file's content. */
export async function hashOfFile(path: string, algorithm: 'sha256' | 'md5', signal?: AbortSignal): Promise<Buffer> {
  const hash = createHash(algorithm)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(chunk as Buffer)
  return hash.digest()
}

/** sha256 of a file as hexadecimal digits. */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  return (await hashOfFile(path, 'sha256', signal)).toString('hex')
}

/** The error for an install that is not what its manifest says. */
export function damaged(folder: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'libtensorflow-damaged',
    message: `libtensorflow in ${folder} is damaged.`,
    expected,
    found,
    fix: 'Install it again: npm start does so, or "Install again" in Settings.',
    details: { folder },
  })
}

export async function writeManifest(folder: string, manifest: InstallManifest): Promise<void> {
  await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`)
}

/**
 * Reads the manifest of an install; null when the folder holds none.
 * @throws RepriseError `libtensorflow-damaged` when it cannot be understood.
 */
export async function readManifest(folder: string): Promise<InstallManifest | null> {
  let text: string
  try {
    text = await readFile(join(folder, manifestName), 'utf8')
  } catch {
    return null
  }
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw damaged(folder, `a manifest of the known form in ${manifestName}`, `an error in it: ${String(cause)}`)
  }
}

/**
 * Checks the files of an install against its manifest: sizes always, contents when `hashes` is set (about a second per
 * gigabyte).
 * @throws RepriseError `libtensorflow-damaged` naming the first file that differs.
 */
export async function checkInstall(
  folder: string,
  manifest: InstallManifest,
  { hashes = false, signal }: { hashes?: boolean; signal?: AbortSignal } = {},
): Promise<void> {
  for (const library of manifest.libraries) {
    if (manifest.files[library] === undefined) throw damaged(folder, `${library} in its manifest`, 'no entry for it')
  }
  for (const [name, { size, sha256 }] of Object.entries(manifest.files)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (found === null) throw damaged(folder, `${name}, ${size} bytes`, 'no such file')
    if (found.size !== size) throw damaged(folder, `${name}, ${size} bytes`, `${found.size} bytes`)
    if (!hashes) continue
    const actual = await sha256OfFile(path, signal)
    if (actual !== sha256) throw damaged(folder, `${name} with sha256 ${sha256}`, `sha256 ${actual}`)
  }
}
