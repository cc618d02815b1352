// STL-10 (Coates, Lee and Ng 2011): raw pictures of 96 x 96 pixels, labels 1 to 10 in files of their own. The folds and the
// pictures without labels are left aside.
import { RepriseError } from '../../../shared/errors.ts'
import { datasets } from '../../../shared/registry/datasets.ts'
import type { ImageSet } from '../dataset.ts'
import { fromColumnMajor } from './column-major-pictures.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import type { DataReader, DetectedPixels } from './reader.ts'
import { nameOf, readWhole } from './whole-file.ts'

const side = 96
const pictureBytes = side * side * 3
const classCount = 10

export const stl10: DataReader = {
  name: 'stl10',
  detect: async (tree) => {
    const { files } = await tree.list('')
    const isPictureFile = (file: TreeFile) => /^(train|test)_X\.bin$/.test(nameOf(file))
    return files.some(isPictureFile) ? detectedStl10(tree, files) : null
  },
}

function detectedStl10(tree: FileTree, files: readonly TreeFile[]): DetectedPixels {
  const named = (name: string) => files.find((file) => nameOf(file) === name)
  const readPart = async (part: 'train' | 'test'): Promise<ImageSet> => {
    const pictures = named(`${part}_X.bin`)
    const labels = named(`${part}_y.bin`)
    if (pictures === undefined || labels === undefined) {
      throw new RepriseError({
        code: 'data-missing',
        message: `STL-10 lacks ${part}_${pictures === undefined ? 'X' : 'y'}.bin`,
        expected: 'train_X.bin, train_y.bin, test_X.bin and test_y.bin',
        found: files.map(nameOf).slice(0, 20).join(', '),
        fix: 'Put the files of stl10_binary.tar.gz into one folder.',
      })
    }
    return imageSet(await readWhole(tree, pictures), await readWhole(tree, labels), part)
  }
  return {
    reader: 'stl10',
    label: tree.name,
    reason: `Looks like STL-10: raw pictures of ${side} x ${side} pixels in files named train_X.bin or test_X.bin.`,
    wholeFiles: files.filter((file) => /^(train|test)_[Xy]\.bin$/.test(nameOf(file))),
    storage: 'pixels',
    async read() {
      const nameFile = named('class_names.txt')
      const text = nameFile === undefined ? '' : new TextDecoder().decode(await readWhole(tree, nameFile))
      const names = text.split(/\r?\n/).filter((name) => name.trim() !== '')
      return {
        shape: [side, side, 3],
        train: await readPart('train'),
        test: await readPart('test'),
        classes: names.length === classCount ? names : [...datasets.stl10.classes],
      }
    },
  }
}

function imageSet(pictures: Uint8Array, labels: Uint8Array, part: string): ImageSet {
  const count = pictures.length / pictureBytes
  if (!Number.isInteger(count) || count === 0) {
    throw new RepriseError({
      code: 'data-truncated',
      message: `${part}_X.bin ends inside a picture`,
      expected: `a multiple of ${pictureBytes} bytes`,
      found: `${pictures.length} bytes`,
      fix: 'The copy or download was cut off: get the file again from its source.',
    })
  }
  const wrong = labels.find((label) => label < 1 || label > classCount)
  if (labels.length !== count || wrong !== undefined) {
    throw new RepriseError({
      code: 'data-format',
      message: `${part}_y.bin does not hold the labels of ${part}_X.bin`,
      expected: `${count} labels from 1 to ${classCount}`,
      found: wrong === undefined ? `${labels.length} labels` : `the label ${wrong}`,
      fix: 'Choose files that came together.',
    })
  }
  return { images: fromColumnMajor(pictures, count, side), labels: labels.map((label) => label - 1), count }
}
