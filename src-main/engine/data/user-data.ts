// Data that the user has on disk, whatever its kind, as one object.
import { basename } from 'node:path'
import type { PrepareDataJob } from '../../shared/worker-protocol.ts'
import { readCifarBinary, readCifarPython } from './cifar-source.ts'
import type { SourceData } from './dataset.ts'
import { detectData } from './detect-data.ts'
import { readIdxFiles } from './idx-source.ts'
import { type PictureFolderOptions, readPictureFolder } from './picture-folder.ts'

/** Reads the folder, file or archive at `path`. Throws what detection and the readers of each kind throw. */
export async function readUserData(
  path: string,
  job: PrepareDataJob,
  options: PictureFolderOptions,
): Promise<SourceData> {
  // How many pictures there are is known only after reading: a total of 0.
  options.onPictures(`Reading ${basename(path)}`, 0, 0)
  const detected = await detectData(path)
  if (detected.format === 'class-folders') return readPictureFolder(detected.folder, detected.found, job, options)
  const common = {
    label: basename(path).replace(/\.(tar\.gz|tgz|tar|gz)$/i, ''),
    split: { kind: 'given' },
    recognisedBy: detected.reason,
    resized: null,
    skipped: [],
  } as const
  switch (detected.format) {
    case 'idx': {
      const pictures = await readIdxFiles(detected.files)
      return {
        ...pictures,
        ...common,
        skipped: [],
        classes: numberedClasses(pictures.train.labels, pictures.test.labels),
      }
    }
    case 'cifar-binary':
      return { ...(await readCifarBinary(detected.files)), ...common, skipped: [] }
    case 'cifar-python':
      return { ...(await readCifarPython(detected.files)), ...common, skipped: [] }
  }
}

/** IDX files name no classes: as many numbers as the highest label needs. */
function numberedClasses(...labels: ArrayLike<number>[]): string[] {
  const highest = labels.reduce((most, set) => Array.from(set).reduce((a, b) => Math.max(a, b), most), 0)
  return Array.from({ length: highest + 1 }, (_, i) => String(i))
}
