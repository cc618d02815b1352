// The Python version of CIFAR-10 and CIFAR-100: pickles data_batch_1 to test_batch and batches.meta, or train, test and meta.
import { RepriseError } from '../../../shared/errors.ts'
import { type CifarClasses, type CifarRecords, interleavePlanes } from '../../formats/cifar-binary.ts'
import { matchPickle, readPickle } from '../../formats/pickle.ts'
import { isNumpyArray, latin1, type PickleValue } from '../../formats/pickle-values.ts'
import { type CifarBatch, cifarClassNames, joinBatches } from './cifar-batches.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import type { DataReader, DetectedPixels } from './reader.ts'
import { nameOf, readHead, readWhole } from './whole-file.ts'

const pixelBytes = 3072

/** Other pickles are nobody's data set. */
const isPickleName = (name: string) => /^(data_batch_\d+|test_batch|batches\.meta|train|test|meta)$/.test(name)

export const cifarPython: DataReader = {
  name: 'cifar-python',
  detect: async (tree) => {
    const pickles: TreeFile[] = []
    for (const file of (await tree.list('')).files) {
      if (isPickleName(nameOf(file)) && matchPickle(await readHead(tree, file))) pickles.push(file)
    }
    return pickles.length === 0 ? null : detectedPickles(tree, pickles)
  },
}

function detectedPickles(tree: FileTree, files: readonly TreeFile[]): DetectedPixels {
  return {
    reader: 'cifar-python',
    label: tree.name,
    reason: `${files.length} files are Python pickles.`,
    wholeFiles: files,
    storage: 'pixels',
    async read() {
      const batches: CifarBatch[] = []
      let names: string[] = []
      let classes: CifarClasses = 10
      for (const file of files) {
        const name = nameOf(file)
        const content = readPickle(await readWhole(tree, file), name)
        if (!(content instanceof Map)) continue
        const listed = content.get('label_names') ?? content.get('fine_label_names')
        if (listed !== undefined) names = textList(listed)
        if (!content.has('data')) continue
        if (content.has('fine_labels')) classes = 100
        batches.push({ name, records: recordsOf(content, name) })
      }
      for (const { name, records } of batches) {
        const highest = records.labels.reduce((most, label) => Math.max(most, label), 0)
        if (highest >= classes) throw malformed(name, `labels below ${classes}`, `${highest}`)
      }
      return { ...joinBatches(batches), classes: cifarClassNames(names, classes) }
    },
  }
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
