// The binary version of CIFAR-10 and CIFAR-100: data_batch_1.bin to test_batch.bin, or train.bin and test.bin.
import { type CifarClasses, matchCifarBinary, parseCifarBinary } from '../../formats/cifar-binary.ts'
import { type CifarBatch, cifarClassNames, joinBatches } from './cifar-batches.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import { inWords } from './labelled-folders.ts'
import type { DataReader, DetectedPixels } from './reader.ts'
import { nameOf, readHead, readWhole } from './whole-file.ts'

const isBatchName = (name: string) => /^(data_batch_\d+|test_batch|train|test)\.bin$/.test(name)
const hasRecordLength = ({ bytes }: TreeFile) => bytes > 0 && (bytes % 3073 === 0 || bytes % 3074 === 0)

/** Batches have no first bytes of their own: their names tell, and of other files the length and every label. */
export const cifarBinary: DataReader = {
  name: 'cifar-binary',
  detect: async (tree) => {
    const { files } = await tree.list('')
    const batches: TreeFile[] = []
    for (const file of files) {
      // A batch that was cut off is still taken for one, so that the reader is told how much is missing.
      if (isBatchName(nameOf(file)) || (hasRecordLength(file) && (await isBatch(tree, file)))) batches.push(file)
    }
    return batches.length === 0 ? null : detectedBatches(tree, batches, files)
  },
}

async function isBatch(tree: FileTree, file: TreeFile): Promise<boolean> {
  const [first = 255] = await readHead(tree, file)
  return first < 20 && matchCifarBinary(await tree.read(file)) !== null
}

function detectedBatches(tree: FileTree, files: readonly TreeFile[], all: readonly TreeFile[]): DetectedPixels {
  return {
    reader: 'cifar-binary',
    label: tree.name,
    reason: `${inWords(files.length)} files consist of CIFAR records (3,073 or 3,074 bytes with a valid label).`,
    storage: 'pixels',
    async read() {
      const loaded: { name: string; bytes: Uint8Array }[] = []
      for (const file of files) loaded.push({ name: nameOf(file), bytes: await readWhole(tree, file) })
      const recognised = loaded.map(({ bytes }) => matchCifarBinary(bytes)).find((match) => match !== null)
      const classes: CifarClasses = recognised ?? (loaded.some(({ name }) => name.startsWith('train')) ? 100 : 10)
      const batches = loaded.map(
        ({ name, bytes }): CifarBatch => ({ name, records: parseCifarBinary(bytes, classes, name) }),
      )
      const wanted = classes === 10 ? 'batches.meta.txt' : 'fine_label_names.txt'
      const nameFile = all.find((file) => nameOf(file) === wanted)
      const text = nameFile === undefined ? '' : new TextDecoder().decode(await readWhole(tree, nameFile))
      return { ...joinBatches(batches), classes: cifarClassNames(text.split(/\r?\n/), classes) }
    },
  }
}
