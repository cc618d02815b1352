// SVHN in its cropped form (Netzer and others 2011): train_32x32.mat and test_32x32.mat with X of 32 x 32 x 3 x n and y, in
// which 10 stands for the digit 0. extra_32x32.mat is left aside.
import { RepriseError } from '../../../shared/errors.ts'
import { datasets } from '../../../shared/registry/datasets.ts'
import { type MatValue, matchMat, readMat } from '../../formats/mat.ts'
import type { ImageSet } from '../dataset.ts'
import { fromColumnMajor } from './column-major-pictures.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import type { DataReader, DetectedPixels } from './reader.ts'
import { nameOf, readHead, readWhole } from './whole-file.ts'

const side = 32
const parts = ['train', 'test'] as const

export const svhn: DataReader = {
  name: 'svhn',
  detect: async (tree) => {
    const found = new Map<string, TreeFile>()
    for (const file of (await tree.list('')).files) {
      const part = /^(train|test)_32x32\.mat$/.exec(nameOf(file))?.[1]
      if (part !== undefined && matchMat(await readHead(tree, file))) found.set(part, file)
    }
    return found.size === 0 ? null : detectedSvhn(tree, found)
  },
}

function detectedSvhn(tree: FileTree, files: ReadonlyMap<string, TreeFile>): DetectedPixels {
  const readPart = async (part: (typeof parts)[number]): Promise<ImageSet> => {
    const file = files.get(part)
    if (file === undefined) {
      throw new RepriseError({
        code: 'data-missing',
        message: `SVHN lacks ${part}_32x32.mat`,
        expected: 'train_32x32.mat and test_32x32.mat',
        found: [...files.values()].map(nameOf).join(', '),
        fix: 'Put both files into one folder.',
      })
    }
    const name = nameOf(file)
    const variables = readMat(await readWhole(tree, file), name, ['X', 'y'])
    return imageSet(variables.get('X'), variables.get('y'), name)
  }
  return {
    reader: 'svhn',
    label: tree.name,
    reason: `Looks like SVHN: MAT files named ${[...files.values()].map(nameOf).join(' and ')}.`,
    wholeFiles: [...files.values()],
    storage: 'pixels',
    async read() {
      return {
        shape: [side, side, 3],
        train: await readPart('train'),
        test: await readPart('test'),
        classes: [...datasets.svhn.classes],
      }
    },
  }
}

function imageSet(pictures: MatValue | undefined, labels: MatValue | undefined, file: string): ImageSet {
  const bytes = pictures?.kind === 'numbers' && pictures.data instanceof Uint8Array ? pictures.data : null
  const shape = pictures?.kind === 'numbers' ? pictures.shape : []
  // One picture alone loses its last dimension of 1.
  const [height, width, channels, count = 1] = shape
  if (bytes === null || height !== side || width !== side || channels !== 3 || shape.length > 4 || count === 0) {
    throw malformed(file, 'X as unsigned bytes of 32 x 32 x 3 x n', shape.join(' x ') || 'no numbers')
  }
  const digits = labels?.kind === 'numbers' ? labels.data : []
  const isDigit = (label: number) => Number.isInteger(label) && label >= 0 && label <= 10
  if (digits.length !== count || !Array.from(digits).every(isDigit)) {
    throw malformed(file, `y as ${count} labels from 1 to 10`, `${digits.length} numbers`)
  }
  return {
    images: fromColumnMajor(bytes, count, side),
    labels: Uint8Array.from(digits, (label) => label % 10),
    count,
  }
}

function malformed(file: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} does not hold the pictures of SVHN`,
    expected,
    found,
    fix: 'Choose the original files of the cropped digits (Format 2).',
  })
}
