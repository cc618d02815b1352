// The four IDX files of MNIST and its relatives, compressed or not.
import { matchGzip } from '../../formats/gzip.ts'
import { matchIdx } from '../../formats/idx.ts'
import { isPictureName } from '../decode-picture.ts'
import { readIdxFiles } from '../idx-source.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import type { DataReader } from './reader.ts'
import { nameOf, readHead, readWhole } from './whole-file.ts'

/** A folder with more files beside its pictures is another data set, and reading a piece of each would take long. */
const mostCandidates = 200

export const idx: DataReader = {
  name: 'idx',
  detect: async (tree) => {
    const candidates = (await tree.list('')).files.filter(({ path }) => !isPictureName(path))
    if (candidates.length > mostCandidates) return null
    const files: TreeFile[] = []
    for (const file of candidates) if (await isIdx(tree, file)) files.push(file)
    if (files.length === 0) return null
    return {
      reader: 'idx',
      label: tree.name,
      reason: `${files.length} files begin with the IDX magic number.`,
      storage: 'pixels',
      read: async () => {
        const pictures = await readIdxFiles(
          files.map((file) => ({ name: nameOf(file), read: () => readWhole(tree, file) })),
        )
        return { ...pictures, classes: numberedClasses(pictures.train.labels, pictures.test.labels) }
      },
    }
  },
}

async function isIdx(tree: FileTree, file: TreeFile): Promise<boolean> {
  const name = nameOf(file)
  const head = await readHead(tree, file)
  return matchIdx(head) || (/\.gz$/i.test(name) && /idx|ubyte/i.test(name) && matchGzip(head))
}

/** IDX files name no classes: as many numbers as the highest label needs. */
function numberedClasses(...labels: ArrayLike<number>[]): string[] {
  const highest = labels.reduce((most, set) => Array.from(set).reduce((a, b) => Math.max(a, b), most), 0)
  return Array.from({ length: highest + 1 }, (_, i) => String(i))
}
