// ImageNet as ILSVRC2012 published it (Russakovsky and others 2015): its tar archives, read in place; folders named by synsets;
// the flat folder of validation pictures with its ground truth; and Kaggle's layout of the same. Its test pictures have no
// labels and are left aside.
import { RepriseError } from '../../../shared/errors.ts'
import { isPictureName } from '../decode-picture.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import { readValidationTruth, type ValidationTruth, validationNumber } from './imagenet-validation.ts'
import { listTar, walkTar } from './inner-tar.ts'
import { foundPicture, inWords, picturesBelow } from './labelled-folders.ts'
import type { DataReader, DetectedFiles, FoundPicture, GivenPart, SourceProblem } from './reader.ts'
import { isSynset, namedClasses, synsetNames } from './synsets.ts'
import { nameOf } from './whole-file.ts'

/** Where the pictures of one class lie: a folder, or a tar archive of its own. */
interface SynsetSource {
  synset: string
  from: { folder: string } | { tar: TreeFile }
}

/** Validation pictures that lie together. */
type FlatSource = { folder: string } | { tar: TreeFile }

interface Layout {
  /** How it was recognised. */
  signs: string[]
  train: SynsetSource[]
  val: SynsetSource[]
  flat: FlatSource | null
}

/** Kaggle's archive puts the pictures deep inside. */
const bases = ['', 'ILSVRC/Data/CLS-LOC', 'Data/CLS-LOC']
const trainTar = 'ILSVRC2012_img_train.tar'
const valTar = 'ILSVRC2012_img_val.tar'

export const imagenet: DataReader = {
  name: 'imagenet',
  detect: async (tree) => {
    for (const base of bases) {
      const layout = await layoutAt(tree, base)
      if (layout !== null) return detectedImagenet(tree, base, layout)
    }
    return null
  },
}

async function layoutAt(tree: FileTree, base: string): Promise<Layout | null> {
  const below = (name: string) => (base === '' ? name : `${base}/${name}`)
  const layout: Layout = { signs: [], train: [], val: [], flat: null }
  const train = await synsetSources(tree, below('train'))
  const archive = await tree.find(below(trainTar))
  if (train !== null) {
    layout.train = train.sources
    layout.signs.push(train.sign)
  } else if (archive !== null) {
    layout.train = tarsIn(tree, archive)
    layout.signs.push(`${trainTar} with ${inWords(layout.train.length)} archives named nNNNNNNNN`)
  } else if (base === '') {
    const here = await synsetSources(tree, '')
    if (here !== null) {
      layout.train = here.sources
      layout.signs.push(here.sign)
    }
  }
  const val = await synsetSources(tree, below('val'))
  const valArchive = await tree.find(below(valTar))
  if (val !== null) layout.val = val.sources
  else if (await isFlat(tree, below('val'))) layout.flat = { folder: below('val') }
  else if (valArchive !== null) layout.flat = { tar: valArchive }
  else if (base === '' && layout.train.length === 0 && (await isFlat(tree, ''))) layout.flat = { folder: '' }
  if (layout.flat !== null) layout.signs.push('validation pictures named ILSVRC2012_val_NNNNNNNN')
  return layout.signs.length === 0 ? null : layout
}

/** The folders or archives in `folder` when all of them are named by synsets, and at least two are. */
async function synsetSources(
  tree: FileTree,
  folder: string,
): Promise<{ sources: SynsetSource[]; sign: string } | null> {
  const { folders, files } = await tree.list(folder)
  const below = (name: string) => (folder === '' ? name : `${folder}/${name}`)
  if (folders.length >= 2 && folders.every(isSynset)) {
    const sources = folders.map((synset) => ({ synset, from: { folder: below(synset) } }))
    return { sources, sign: `${inWords(folders.length)} folders named nNNNNNNNN` }
  }
  const tars = files.filter((file) => /^n\d{8}\.tar$/.test(nameOf(file)))
  if (folders.length > 0 || tars.length < 2) return null
  const sources = tars.map((tar) => ({ synset: nameOf(tar).slice(0, 9), from: { tar } }))
  return { sources, sign: `${inWords(tars.length)} archives named nNNNNNNNN.tar` }
}

async function isFlat(tree: FileTree, folder: string): Promise<boolean> {
  for await (const files of tree.walk(folder, new AbortController().signal)) {
    return files.some((file) => validationNumber(nameOf(file)) !== null)
  }
  return false
}

async function detectedImagenet(tree: FileTree, base: string, layout: Layout): Promise<DetectedFiles> {
  const truth =
    layout.flat === null ? null : await readValidationTruth(tree, [...new Set(['', base, placeOf(layout.flat)])])
  const found = [...layout.train, ...layout.val].map(({ synset }) => synset)
  const trainSynsets = new Set(layout.train.map(({ synset }) => synset))
  // Without training pictures, the validation pictures tell the classes.
  const known = trainSynsets.size > 0 ? trainSynsets : new Set([...found, ...(truth?.synsets.values() ?? [])])
  const unknown = layout.val.filter(({ synset }) => !known.has(synset))
  if (unknown.length > 0)
    throw otherClasses(
      unknown.map(({ synset }) => synset),
      known.size,
    )
  const synsets = [...known].sort()
  const mapping = (await tree.find('LOC_synset_mapping.txt')) ?? (await tree.find(`${base}/LOC_synset_mapping.txt`))
  const names = mapping === null ? (truth?.names ?? new Map<string, string>()) : await synsetNames(tree, mapping, known)
  const labels = new Map(synsets.map((synset, label) => [synset, label] as const))
  const hasTwoParts = layout.train.length > 0 && (layout.val.length > 0 || layout.flat !== null)
  return {
    reader: 'imagenet',
    label: tree.name,
    reason: `Looks like ImageNet: ${layout.signs.join(', ')}.`,
    wholeFiles: layout.flat !== null && 'tar' in layout.flat ? [layout.flat.tar, ...(truth?.files ?? [])] : [],
    storage: 'files',
    classes: namedClasses(synsets, names),
    total: null,
    async *pictures({ signal, onProblem }) {
      const sources = [
        ...layout.train.map((source) => ({ ...source, part: hasTwoParts ? ('train' as const) : null })),
        ...layout.val.map((source) => ({ ...source, part: 'val' as const })),
      ]
      for (const { synset, from, part } of sources) {
        const options = { label: labels.get(synset) ?? 0, part, signal, onProblem }
        let isEmpty = true
        const chunks =
          'tar' in from ? picturesOfTar(tree, from.tar, options) : picturesBelow(tree, from.folder, options)
        for await (const chunk of chunks) {
          isEmpty = false
          yield chunk
        }
        const name = 'tar' in from ? from.tar.path : from.folder
        if (isEmpty) onProblem({ name, reason: 'A class without pictures' })
      }
      if (layout.flat !== null && truth !== null) {
        for await (const files of flatFiles(tree, layout.flat, signal, onProblem)) {
          const pictures = labelled(files, truth, labels, onProblem)
          if (pictures.length > 0) yield pictures
        }
      }
    },
  }
}

function placeOf(flat: FlatSource): string {
  return 'folder' in flat ? flat.folder : ''
}

function labelled(
  files: readonly TreeFile[],
  truth: ValidationTruth,
  labels: ReadonlyMap<string, number>,
  onProblem: (problem: SourceProblem) => void,
): FoundPicture[] {
  const pictures: FoundPicture[] = []
  for (const file of files) {
    const number = validationNumber(nameOf(file))
    if (number === null) continue
    const label = labels.get(truth.synsets.get(number) ?? '')
    if (label === undefined) onProblem({ name: file.path, reason: `${truth.source} gives it no class of train` })
    else pictures.push(foundPicture(file, label, 'val'))
  }
  return pictures
}

function flatFiles(
  tree: FileTree,
  flat: FlatSource,
  signal: AbortSignal,
  onProblem: (problem: SourceProblem) => void,
): AsyncIterable<TreeFile[]> {
  return 'folder' in flat ? tree.walk(flat.folder, signal, onProblem) : walkTar(tree, flat.tar, 'val', signal)
}

async function* picturesOfTar(
  tree: FileTree,
  tar: TreeFile,
  { label, part, signal }: { label: number; part: GivenPart | null; signal: AbortSignal },
): AsyncIterable<FoundPicture[]> {
  const folder = nameOf(tar).replace(/\.tar$/, '')
  for await (const files of walkTar(tree, tar, `train/${folder}`, signal)) {
    const pictures = files.filter(({ path }) => isPictureName(path))
    if (pictures.length > 0) yield pictures.map((file) => foundPicture(file, label, part))
  }
}

/** The archives of single classes within the training archive. */
function tarsIn(tree: FileTree, archive: TreeFile): SynsetSource[] {
  const tars = listTar(tree, archive).filter(({ path }) => /^n\d{8}\.tar$/.test(path))
  if (tars.length >= 2) return tars.map((tar) => ({ synset: tar.path.slice(0, 9), from: { tar } }))
  throw new RepriseError({
    code: 'data-format',
    message: `${archive.path} is not the training archive of ImageNet`,
    expected: 'an archive of archives named nNNNNNNNN.tar',
    found: `${tars.length} of them`,
    fix: 'Get the archive again from image-net.org.',
  })
}

function otherClasses(unknown: readonly string[], known: number): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: 'val does not have the classes of train',
    expected: `folders of the ${known} classes of train`,
    found: `also ${unknown.slice(0, 20).join(', ')}`,
    fix: 'Give val the same folders as train.',
  })
}
