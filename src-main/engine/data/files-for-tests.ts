// For tests: a small data set of JPEG files of unlike sizes.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { type FileDataset, type FileSet, unlikeSizes } from './dataset.ts'

export interface FilesForTests {
  dataset: FileDataset
  /** Paths below the root, training pictures first. */
  paths: string[]
}

/** Two classes told apart by their colour, in folders below `root`: `train` and then `test` pictures, alternating by class. */
export async function writeFileDataset(root: string, train: number, test: number): Promise<FilesForTests> {
  const classes = ['reddish', 'bluish']
  const paths = Array.from({ length: train + test }, (_, i) =>
    join(i < train ? 'train' : 'test', classOf(i), `${i}.jpg`),
  )
  for (const part of ['train', 'test']) {
    for (const name of classes) mkdirSync(join(root, part, name), { recursive: true })
  }
  await Promise.all(paths.map((path, i) => writePicture(join(root, path), i)))
  const setOf = (first: number, count: number): FileSet => ({
    count,
    labels: Uint16Array.from({ length: count }, (_, i) => (first + i) % 2),
    pictures: Uint32Array.from({ length: count }, (_, i) => first + i),
    location: (i) => ({ kind: 'file', path: paths[first + i] ?? '' }),
  })
  const summary = { id: 'files', label: 'Files', fingerprint: 'f', benchmark: false, skipped: [], classes, train, test }
  const dataset: FileDataset = {
    storage: 'files',
    summary,
    root,
    shape: unlikeSizes,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    decoded: null,
    train: setOf(0, train),
    test: setOf(train, test),
  }
  return { dataset, paths }

  function classOf(i: number): string {
    return classes[i % 2] ?? ''
  }
}

/** Waves of one colour, with sizes from 70 to 137 pixels. */
async function writePicture(path: string, i: number): Promise<void> {
  const [height, width] = [70 + ((i * 13) % 60), 72 + ((i * 29) % 66)]
  const data = new Uint8Array(height * width * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const wave = 60 * Math.sin(x / (3 + (i % 5)) + i) + 40 * Math.cos(y / (4 + (i % 3)))
      const at = (y * width + x) * 3
      data[at] = 110 + wave + (i % 2 === 0 ? 40 : -40)
      data[at + 1] = 110 - wave / 2
      data[at + 2] = 110 + wave / 3 + (i % 2 === 0 ? -40 : 40)
    }
  }
  await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toFile(path)
}
