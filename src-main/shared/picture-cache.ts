// Where the pictures of files are kept while a run trains: decoded in memory, decoded in a file, or nowhere. Said before
// anything is made.
import { RepriseError } from './errors.ts'
import type { RunConfig } from './run-config.ts'

export interface PictureSize {
  height: number
  width: number
}

export type CacheKind = 'memory' | 'disk' | 'none'

export interface CacheChoice {
  kind: CacheKind
  /** That it will take, as predicted; 0 for none. */
  bytes: number
}

export interface CacheConditions {
  cache: RunConfig['data']['cache']
  /** Of all pictures that a run reads, decoded. */
  bytes: number
  /** How often a run shows each training picture. */
  epochs: number
  freeMemoryBytes: number
  freeDiskBytes: number
}

/** Shares of the free memory that decoded pictures may take: by themselves, and as what the system keeps of files. */
const memoryShare = 0.25
const fileShare = 0.5
/** Of the free memory, where memory is asked for; of the free disk. */
const mostMemoryShare = 0.7
const mostDiskShare = 0.5

/** The size at which a picture is kept: its shorter side at most `shortSide`, where that is not 0 (torchvision, Resize(int)). */
export function keptSize({ height, width }: PictureSize, shortSide: number): PictureSize {
  if (shortSide === 0 || Math.min(height, width) <= shortSide) return { height, width }
  return width <= height
    ? { height: Math.trunc((shortSide * height) / width), width: shortSide }
    : { height: shortSide, width: Math.trunc((shortSide * width) / height) }
}

/** Bytes of `pictures` decoded pictures, of which `sample` has the sizes of some. */
export function predictedBytes(sample: readonly PictureSize[], pictures: number, shortSide: number): number {
  if (sample.length === 0) return 0
  const bytes = sample.reduce((sum, size) => {
    const { height, width } = keptSize(size, shortSide)
    return sum + height * width * 3
  }, 0)
  return Math.ceil((bytes / sample.length) * pictures)
}

/**
 * Memory where a quarter of what is free holds the pictures; a file where half of it does, as the system then answers from
 * memory, while reading decoded pictures from a disk takes longer than decoding them; else neither, and nothing for a run that
 * shows each picture once. Throws `out-of-memory` or `disk-too-small` where the config asks for what does not fit.
 */
export function chooseCache({ cache, bytes, epochs, freeMemoryBytes, freeDiskBytes }: CacheConditions): CacheChoice {
  const fitsDisk = bytes <= freeDiskBytes * mostDiskShare
  switch (cache) {
    case 'none':
      return { kind: 'none', bytes: 0 }
    case 'memory':
      if (bytes <= freeMemoryBytes * mostMemoryShare) return { kind: 'memory', bytes }
      throw doesNotFit('out-of-memory', 'memory', bytes, freeMemoryBytes * mostMemoryShare)
    case 'disk':
      if (fitsDisk) return { kind: 'disk', bytes }
      throw doesNotFit('disk-too-small', 'disk', bytes, freeDiskBytes * mostDiskShare)
    case 'auto': {
      if (epochs < 2) return { kind: 'none', bytes: 0 }
      if (bytes <= freeMemoryBytes * memoryShare) return { kind: 'memory', bytes }
      if (fitsDisk && bytes <= freeMemoryBytes * fileShare) return { kind: 'disk', bytes }
      return { kind: 'none', bytes: 0 }
    }
  }
}

function doesNotFit(
  code: 'out-of-memory' | 'disk-too-small',
  place: string,
  bytes: number,
  room: number,
): RepriseError {
  return new RepriseError({
    code,
    message: `The decoded pictures do not fit on this machine's ${place}.`,
    expected: `${gigabytes(bytes)} that may be used`,
    found: gigabytes(room),
    fix: 'Set data.cache to none, or data.shortSide to a smaller size.',
    details: { bytes, room },
  })
}

/** Such as "1.2 GB". */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e8 ? 3 : 1)} GB`
}
