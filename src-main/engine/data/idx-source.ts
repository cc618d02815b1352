// A data set out of four IDX files: pictures and labels for training and test.
import { RepriseError } from '../../shared/errors.ts'
import { type IdxArray, parseIdx } from '../formats/idx.ts'
import type { ImageSet, PictureShape } from './dataset.ts'
import type { NamedFile } from './named-files.ts'

export interface SplitPictures {
  shape: PictureShape
  train: ImageSet
  test: ImageSet
}

/** True for the names that test files carry: t10k-..., test-..., ...-test. */
export function isTestName(name: string): boolean {
  return /(^|[^a-z])(t10k|test|val)/i.test(name)
}

/**
 * Reads IDX files, told apart by their dimensions and by "t10k" or "test" in the name.
 * Throws `data-missing` when one of the four is not there, `data-format` when counts or sizes do not fit each other.
 */
export async function readIdxFiles(files: readonly NamedFile[]): Promise<SplitPictures> {
  const arrays: { name: string; array: IdxArray }[] = []
  for (const file of files) arrays.push({ name: file.name, array: parseIdx(await file.read(), file.name) })
  const pick = (part: 'training' | 'test', kind: 'pictures' | 'labels') => {
    const found = arrays.filter(
      ({ name, array }) => isTestName(name) === (part === 'test') && (array.shape.length === 1) === (kind === 'labels'),
    )
    const [only] = found
    if (only !== undefined && found.length === 1) return only
    throw new RepriseError({
      code: 'data-missing',
      message: `The IDX files hold ${found.length === 0 ? 'no' : 'more than one file of'} ${part} ${kind}`,
      expected: 'one file each of training pictures, training labels, test pictures and test labels',
      found: arrays.map(({ name }) => name).join(', '),
      fix: 'Put exactly those four files into one folder; test files have "t10k" or "test" in their name.',
    })
  }
  const train = joinSet(pick('training', 'pictures'), pick('training', 'labels'))
  const test = joinSet(pick('test', 'pictures'), pick('test', 'labels'))
  if (train.shape.join() !== test.shape.join()) {
    throw new RepriseError({
      code: 'data-format',
      message: 'Training and test pictures have different sizes',
      expected: train.shape.join(' x '),
      found: test.shape.join(' x '),
      fix: 'Choose files that belong together.',
    })
  }
  return { shape: train.shape, train: train.set, test: test.set }
}

function joinSet(
  pictures: { name: string; array: IdxArray },
  labels: { name: string; array: IdxArray },
): { shape: PictureShape; set: ImageSet } {
  const [count = 0, height = 1, width = 1, channels = 1] = pictures.array.shape
  const isPicture = pictures.array.shape.length >= 3 && (channels === 1 || channels === 3)
  if (!isPicture || count === 0 || height * width === 0) {
    throw new RepriseError({
      code: 'data-format',
      message: `${pictures.name} holds no pictures`,
      expected: 'count x height x width, with 1 or 3 channels',
      found: pictures.array.shape.join(' x '),
    })
  }
  if (labels.array.data.length !== count) {
    throw new RepriseError({
      code: 'data-format',
      message: `${pictures.name} and ${labels.name} do not belong together`,
      expected: `${count} labels`,
      found: `${labels.array.data.length} labels`,
      fix: 'Choose the label file that came with the pictures.',
    })
  }
  return {
    shape: [height, width, channels],
    set: { images: pictures.array.data, labels: labels.array.data, count },
  }
}
