// The readers of data formats, in the order they are asked, and what becomes of a path.
import { RepriseError } from '../../../shared/errors.ts'
import type { ReaderName } from '../../../shared/registry/readers.ts'
import { isPictureName } from '../decode-picture.ts'
import { cifarBinary } from './cifar-binary.ts'
import { cifarPython } from './cifar-python.ts'
import { classFolders } from './class-folders.ts'
import { coco } from './coco.ts'
import { csv } from './csv.ts'
import { displayName } from './escaped-names.ts'
import type { FileTree } from './file-tree.ts'
import { idx } from './idx.ts'
import { imagenet } from './imagenet.ts'
import { jsonl } from './jsonl.ts'
import { type OpenOptions, openTree, treeOfFile } from './open-tree.ts'
import { parquet } from './parquet.ts'
import type { DataReader, DetectedSource, Detection, ReaderOptions } from './reader.ts'
import { stl10 } from './stl10.ts'
import { svhn } from './svhn.ts'
import { tfrecord } from './tfrecord.ts'
import { tinyImagenet } from './tiny-imagenet.ts'
import { trainValFolders } from './train-val-folders.ts'
import { treeBelow } from './tree-below.ts'
import { voc } from './voc.ts'
import { webdataset } from './webdataset.ts'

/** Formats with signs of their own. */
const withSigns: readonly DataReader[] = [
  cifarPython,
  cifarBinary,
  stl10,
  svhn,
  idx,
  tinyImagenet,
  imagenet,
  voc,
  coco,
  jsonl,
  csv,
]
const records: readonly DataReader[] = [webdataset, tfrecord, parquet]
/** They may hold anything beside the pictures. */
const folders: readonly DataReader[] = [trainValFolders, classFolders]

export const readers: readonly DataReader[] = [...withSigns, ...records, ...folders]

/**
 * To find records in a folder, all folders in it must be listed, which takes long where they are full of pictures. In an archive
 * it costs nothing, and samples of WebDataset can look like folders of classes.
 */
function inOrder({ kind }: FileTree): readonly DataReader[] {
  return kind === 'folder' ? [...withSigns, ...folders, ...records] : readers
}

/** Formats of which one file may hold everything, or say where it lies. */
const ofOneFile: readonly ReaderName[] = ['coco', 'webdataset', 'tfrecord', 'parquet', 'jsonl', 'csv']

const deepest = 3

/**
 * Looks at a folder, an archive or a file of a data set, and says what it is.
 * Throws `data-missing` when nothing is there, `no-class-folders` for a folder or archive and `data-format` for a file that
 * no reader knows, and what the reader that knows it finds wrong.
 */
export async function detectSource(path: string, options: ReaderOptions & OpenOptions): Promise<DetectedSource> {
  const { tree, chosen } = await openTree(path, options)
  const detection = chosen === null ? await detectTree(tree, options) : await detectFile(tree, chosen, options)
  if (detection !== null) return { ...detection, label: tree.name, root: tree.root }
  throw chosen === null ? unknownTree(tree.name, `${await described(tree)} in ${path}`) : unknownFile(chosen)
}

async function detectTree(tree: FileTree, options: ReaderOptions): Promise<Detection | null> {
  let inner = tree
  for (let depth = 0; depth <= deepest; depth++) {
    const detection = await askReaders(inOrder(inner), inner, options)
    if (detection !== null) return detection
    // Archives often hold, or unpack to, a folder in a folder.
    const { folders, files } = await inner.list('')
    const [only, ...others] = folders
    if (only === undefined || others.length > 0 || files.some(({ path: name }) => isPictureName(name))) return null
    inner = treeBelow(inner, only)
  }
  return null
}

/** A list or a file of records stands for itself; a file of raw pixels for the data set that it is a piece of. */
async function detectFile(tree: FileTree, chosen: string, options: ReaderOptions): Promise<Detection | null> {
  const alone = await askReaders(
    readers.filter(({ name }) => ofOneFile.includes(name)),
    treeOfFile(tree, chosen),
    options,
  )
  if (alone !== null) return alone
  const whole = await askReaders(inOrder(tree), tree, options)
  return whole?.storage === 'pixels' ? whole : null
}

async function askReaders(
  asked: readonly DataReader[],
  tree: FileTree,
  options: ReaderOptions,
): Promise<Detection | null> {
  for (const reader of asked) {
    const detection = await reader.detect(tree, options)
    if (detection !== null) return detection
  }
  return null
}

async function described(tree: FileTree): Promise<string> {
  const { folders, files } = await tree.list('')
  const pictures = files.filter(({ path }) => isPictureName(path)).length
  const names = folders.slice(0, 5).map(displayName)
  const listed = names.length === 0 ? '' : ` (${names.join(', ')}${folders.length > names.length ? ', ...' : ''})`
  return `${pictures} pictures, ${folders.length} folders${listed} and ${files.length - pictures} other files`
}

function unknownTree(name: string, found: string): RepriseError {
  return new RepriseError({
    code: 'no-class-folders',
    message: `${name} holds neither class folders nor the files of a known data set`,
    expected: 'a folder of pictures for each of at least two classes, optionally inside train, val and test',
    found,
    fix: 'Sort the pictures into one folder per class, list them in a CSV file, or choose the folder above or below.',
  })
}

function unknownFile(name: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${displayName(name)} is not a data set that can be read`,
    expected:
      'an archive, a list of pictures with classes (CSV, JSONL, COCO), records (TFRecord, Parquet), or files of CIFAR, IDX, STL-10 or SVHN',
    found: 'a file of another kind, or one whose other files are not beside it',
    fix: 'Choose the folder of the whole data set.',
  })
}
