// Single pictures out of the raw pixels of a prepared data set.
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { RepriseError } from '../../shared/errors.ts'
import { datasetFolder, type PixelManifest } from './dataset-manifest.ts'
import type { PixelsLocation } from './readers/file-tree.ts'
import type { RawPixels } from './thumbnail.ts'

export interface PreparedPixels {
  /** Throws `data-truncated` where the file ends before the picture. */
  read(location: PixelsLocation): Promise<RawPixels>
  close(): Promise<void>
}

/** Opens the files of pixels when they are needed. */
export function openPreparedPixels(datasetsDir: string, manifest: PixelManifest): PreparedPixels {
  const handles = new Map<PixelsLocation['set'], Promise<FileHandle>>()
  const opened = (set: PixelsLocation['set']) => {
    const known = handles.get(set) ?? open(join(datasetFolder(datasetsDir, manifest.id), manifest[set].images.file))
    handles.set(set, known)
    return known
  }
  return {
    async read({ set, index }) {
      const [height, width, channels] = manifest.shape
      const data = new Uint8Array(height * width * channels)
      const handle = await opened(set)
      const { bytesRead } = await handle.read(data, 0, data.length, index * data.length)
      if (bytesRead === data.length) return { height, width, channels: channels === 1 ? 1 : 3, data }
      throw new RepriseError({
        code: 'data-truncated',
        message: `${manifest[set].images.file} of ${manifest.label} ends too early.`,
        fix: 'Prepare the data set again.',
      })
    },
    async close() {
      for (const handle of handles.values()) await handle.then((file) => file.close()).catch(() => {})
    },
  }
}
