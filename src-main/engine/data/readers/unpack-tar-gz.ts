// A tar that is compressed by gzip cannot be read out of order. So it is unpacked once, to a tar in a cache folder.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { RepriseError } from '../../../shared/errors.ts'
import { throwIfCancelled } from '../cancellation.ts'
import { type FreeBytes, freeBytesOnDisk, requireFreeSpace } from '../free-space.ts'

export interface UnpackProgress {
  /** Of the compressed archive. */
  bytesRead: number
  bytes: number
}

export interface UnpackOptions {
  signal: AbortSignal
  onProgress(progress: UnpackProgress): void
  freeBytes?: FreeBytes
  /** Unpacked bytes up to which any archive may grow. */
  harmlessBytes?: number
}

/**
 * Pictures hardly shrink, and plain ones of few colours a hundredfold; deflate gives up to 1032 bytes for one. An archive that
 * grows more, and to more than any disk misses, was made to fill one.
 */
const mostGrowth = 200
const usualHarmlessBytes = 2 ** 30

/** What a full disk is found out by before the system says so. */
const checkEvery = 256 * 1024 * 1024

/**
 * About how many bytes the archive has once unpacked, to be said before unpacking. Gzip keeps the size modulo 4 GiB only, and
 * pictures hardly shrink: so it is the smallest possible size that is not below the archive's own.
 */
export async function unpackedBytesOfTarGz(archive: string): Promise<number> {
  const { size } = await stat(archive)
  const file = await open(archive)
  try {
    const trailer = new Uint8Array(4)
    await file.read(trailer, 0, 4, Math.max(size - 4, 0))
    const rest = new DataView(trailer.buffer).getUint32(0, true)
    // Deflate adds a little to what it cannot shrink.
    const least = size * 0.99
    return rest + Math.max(0, Math.ceil((least - rest) / 2 ** 32)) * 2 ** 32
  } finally {
    await file.close()
  }
}

/**
 * Unpacks the archive to `cacheFolder` and gives the path of the tar; one that is already there is used again, as long as size
 * and date of the archive are the same. What is cut short leaves nothing behind that looks whole.
 * Throws `disk-too-small`, `data-truncated`, `cancelled`, and `data-format`, also for an archive that grows without measure.
 */
export async function unpackTarGz(archive: string, cacheFolder: string, options: UnpackOptions): Promise<string> {
  const { signal, onProgress, freeBytes = freeBytesOnDisk, harmlessBytes = usualHarmlessBytes } = options
  throwIfCancelled(signal)
  const { size, mtimeMs } = await stat(archive)
  const key = createHash('sha256')
    .update(`${resolve(archive)}\n${size}\n${mtimeMs}`)
    .digest('hex')
    .slice(0, 16)
  const tar = join(cacheFolder, `${key}.tar`)
  if ((await stat(tar).catch((): null => null))?.isFile()) return tar

  const name = basename(archive)
  await mkdir(cacheFolder, { recursive: true })
  await requireFreeSpace(cacheFolder, await unpackedBytesOfTarGz(archive), `unpacking ${name}`, freeBytes)
  const partial = `${tar}.${process.pid}.partial`
  let bytesRead = 0
  let sinceCheck = 0
  let unpacked = 0
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytesRead += chunk.length
      onProgress({ bytesRead, bytes: size })
      done(null, chunk)
    },
  })
  const checking = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sinceCheck += chunk.length
      unpacked += chunk.length
      if (unpacked > Math.max(harmlessBytes, mostGrowth * size)) return done(growsTooMuch(name, size))
      if (sinceCheck < checkEvery) return done(null, chunk)
      sinceCheck = 0
      requireFreeSpace(cacheFolder, checkEvery, `unpacking ${name}`, freeBytes).then(
        () => done(null, chunk),
        (error: Error) => done(error),
      )
    },
  })
  try {
    await pipeline(createReadStream(archive), counting, createGunzip(), checking, createWriteStream(partial), {
      signal,
    })
    await rename(partial, tar)
    return tar
  } catch (error) {
    await rm(partial, { force: true })
    throwIfCancelled(signal)
    throw error instanceof RepriseError ? error : cannotUnpack(name, error)
  }
}

function growsTooMuch(name: string, size: number): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${name} unpacks to far more than an archive of pictures does`,
    expected: `at most ${mostGrowth} times its ${size} bytes`,
    found: 'more',
    fix: 'If you trust it, unpack it with tar and add the folder.',
  })
}

function cannotUnpack(name: string, error: unknown): RepriseError {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC') {
    return new RepriseError(
      { code: 'disk-full', message: `The disk became full while unpacking ${name}`, fix: 'Free room on the disk.' },
      { cause: error },
    )
  }
  const isCut = code === 'Z_BUF_ERROR'
  return new RepriseError(
    {
      code: isCut ? 'data-truncated' : 'data-format',
      message: isCut ? `${name} ends too early` : `${name} cannot be unpacked`,
      expected: 'a whole tar archive compressed by gzip',
      found: message,
      fix: 'Get the archive again from its source.',
    },
    { cause: error },
  )
}
