// CIFAR-10 and CIFAR-100 (Krizhevsky 2009): what the binary and the Python version share.
import { RepriseError } from '../../../shared/errors.ts'
import { datasets } from '../../../shared/registry/datasets.ts'
import type { CifarClasses, CifarRecords } from '../../formats/cifar-binary.ts'
import type { ImageSet } from '../dataset.ts'
import { isTestName, type SplitPictures } from '../idx-source.ts'

export interface CifarBatch {
  name: string
  records: CifarRecords
}

const pixelBytes = 3072

/** The batches as two sets, in the order given. Throws `data-missing` without training or without test pictures. */
export function joinBatches(batches: readonly CifarBatch[]): SplitPictures {
  const join = (part: 'training' | 'test'): ImageSet => {
    const chosen = batches.filter(({ name }) => isTestName(name) === (part === 'test'))
    const count = chosen.reduce((sum, { records }) => sum + records.count, 0)
    if (count === 0) {
      throw new RepriseError({
        code: 'data-missing',
        message: `The CIFAR files hold no ${part} pictures`,
        expected: part === 'test' ? 'test_batch or test' : 'data_batch_1 to data_batch_5, or train',
        found: batches.map(({ name }) => name).join(', ') || 'no files of pictures',
        fix: 'Choose the folder or archive with all files.',
      })
    }
    const images = new Uint8Array(count * pixelBytes)
    const labels = new Uint8Array(count)
    let at = 0
    for (const { records } of chosen) {
      images.set(records.images, at * pixelBytes)
      labels.set(records.labels, at)
      at += records.count
    }
    return { images, labels, count }
  }
  return { shape: [32, 32, 3], train: join('training'), test: join('test') }
}

/** The names found when there are as many as classes, otherwise those that are known. */
export function cifarClassNames(found: readonly string[], classes: CifarClasses): string[] {
  const names = found.map((name) => name.trim()).filter((name) => name !== '')
  if (names.length === classes) return names
  return [...datasets[classes === 10 ? 'cifar10' : 'cifar100'].classes]
}
