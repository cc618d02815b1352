// CIFAR-10 and CIFAR-100 from the files of their authors (Krizhevsky 2009): binary or Python version.
import { RepriseError } from '../../shared/errors.ts'
import { datasets } from '../../shared/registry/datasets.ts'
import {
  type CifarClasses,
  type CifarRecords,
  interleavePlanes,
  matchCifarBinary,
  parseCifarBinary,
} from '../formats/cifar-binary.ts'
import { readPickle } from '../formats/pickle.ts'
import { isNumpyArray, latin1, type PickleValue } from '../formats/pickle-values.ts'
import type { ImageSet } from './dataset.ts'
import { isTestName, type SplitPictures } from './idx-source.ts'
import type { NamedFile } from './named-files.ts'

export type CifarPictures = SplitPictures & { classes: string[] }

const pixelBytes = 3072

/** True for the names of the binary version's picture files. */
export function isCifarBinaryName(name: string): boolean {
  return /^(data_batch_\d+|test_batch|train|test)\.bin$/.test(name)
}

/** True for the names of the Python version's files; other pickles are nobody's data set. */
export function isCifarPythonName(name: string): boolean {
  return /^(data_batch_\d+|test_batch|batches\.meta|train|test|meta)$/.test(name)
}

/** Reads data_batch_1.bin to test_batch.bin, or train.bin and test.bin; class names from the text file beside them. */
export async function readCifarBinary(files: readonly NamedFile[]): Promise<CifarPictures> {
  const loaded: { name: string; bytes: Uint8Array }[] = []
  for (const file of files) {
    const mayBeBatch = file.size > 0 && (file.size % 3073 === 0 || file.size % 3074 === 0)
    if (!mayBeBatch && !isCifarBinaryName(file.name)) continue
    const bytes = await file.read()
    if (isCifarBinaryName(file.name) || matchCifarBinary(bytes) !== null) loaded.push({ name: file.name, bytes })
  }
  const recognised = loaded.map(({ bytes }) => matchCifarBinary(bytes)).find((match) => match !== null)
  const classes: CifarClasses = recognised ?? (loaded.some(({ name }) => name.startsWith('train')) ? 100 : 10)
  const batches = loaded.map(({ name, bytes }) => ({ name, records: parseCifarBinary(bytes, classes, name) }))
  const nameFile = files.find(({ name }) => name === (classes === 10 ? 'batches.meta.txt' : 'fine_label_names.txt'))
  const names = nameFile === undefined ? [] : new TextDecoder().decode(await nameFile.read()).split(/\r?\n/)
  return { ...joinBatches(batches), classes: classNames(names, classes) }
}

/** Reads the pickles data_batch_1 to test_batch and batches.meta, or train, test and meta. */
export async function readCifarPython(files: readonly NamedFile[]): Promise<CifarPictures> {
  const batches: { name: string; records: CifarRecords }[] = []
  let names: string[] = []
  let classes: CifarClasses = 10
  for (const file of files) {
    const content = readPickle(await file.read(), file.name)
    if (!(content instanceof Map)) continue
    const listed = content.get('label_names') ?? content.get('fine_label_names')
    if (listed !== undefined) names = textList(listed)
    if (!content.has('data')) continue
    if (content.has('fine_labels')) classes = 100
    batches.push({ name: file.name, records: recordsOf(content, file.name) })
  }
  for (const { name, records } of batches) {
    const highest = records.labels.reduce((most, label) => Math.max(most, label), 0)
    if (highest >= classes) throw malformed(name, `labels below ${classes}`, `${highest}`)
  }
  return { ...joinBatches(batches), classes: classNames(names, classes) }
}

function recordsOf(content: Map<PickleValue, PickleValue>, name: string): CifarRecords {
  const data = content.get('data')
  const labels = content.get('labels') ?? content.get('fine_labels')
  const [count = 0, width] = isNumpyArray(data) ? data.shape : []
  if (!isNumpyArray(data) || !/^[|]?u1$/.test(data.dtype) || data.columnMajor || width !== pixelBytes) {
    throw malformed(name, `"data" as unsigned bytes of n x ${pixelBytes}`, describe(data))
  }
  if (data.data.length !== count * pixelBytes) {
    throw malformed(name, `${count * pixelBytes} bytes of pictures`, `${data.data.length} bytes`)
  }
  const isLabels = (value: PickleValue | undefined): value is number[] =>
    Array.isArray(value) && value.every((label) => Number.isInteger(label) && Number(label) >= 0 && Number(label) < 256)
  if (!isLabels(labels) || labels.length !== count) throw malformed(name, `${count} labels`, describe(labels))
  const images = new Uint8Array(count * pixelBytes)
  for (let i = 0; i < count; i++) {
    interleavePlanes(data.data.subarray(i * pixelBytes, (i + 1) * pixelBytes), images, i * pixelBytes)
  }
  return { images, labels: Uint8Array.from(labels), count }
}

function joinBatches(batches: { name: string; records: CifarRecords }[]): SplitPictures {
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

function classNames(found: readonly string[], classes: CifarClasses): string[] {
  const names = found.map((name) => name.trim()).filter((name) => name !== '')
  if (names.length === classes) return names
  return classes === 10 ? [...datasets.cifar10.classes] : Array.from({ length: classes }, (_, i) => `class ${i}`)
}

function textList(value: PickleValue): string[] {
  if (!Array.isArray(value)) return []
  return value.map((item) => (item instanceof Uint8Array ? latin1(item) : String(item)))
}

function describe(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (isNumpyArray(value)) return `${value.dtype} of ${value.shape.join(' x ')}`
  return Array.isArray(value) ? `a list of ${value.length}` : typeof value
}

function malformed(file: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} is not a batch of CIFAR pictures`,
    expected,
    found,
    fix: 'Choose the original files of the Python version.',
  })
}
