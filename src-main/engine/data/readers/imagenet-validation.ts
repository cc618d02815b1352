// Which class each validation picture of ILSVRC2012 has. They lie in one folder and their names tell no class; the ground truth
// of the development kit counts classes in an order of its own, which only the kit's meta.mat explains.
import { RepriseError } from '../../../shared/errors.ts'
import { gunzip, matchGzip } from '../../formats/gzip.ts'
import { type MatValue, readMat } from '../../formats/mat.ts'
import { readTar } from '../../formats/tar.ts'
import { fileLines } from './file-chunks.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import { firstWord, isSynset } from './synsets.ts'
import { readWhole } from './whole-file.ts'

const kit = 'ILSVRC2012_devkit_t12'
const truthName = 'ILSVRC2012_validation_ground_truth.txt'
/** One synset a line, as the scripts of TensorFlow's models bring it. */
const synsetListName = 'imagenet_2012_validation_synset_labels.txt'
const solutionName = 'LOC_val_solution.csv'
const mostKitBytes = 256 * 1024 * 1024

export interface ValidationTruth {
  /** Name of the file that told it. */
  source: string
  /** All files that told it. */
  files: TreeFile[]
  /** Synset by the number of the picture, from 1. */
  synsets: Map<number, string>
  /** First words of synsets, where the source tells them. */
  names: Map<string, string>
}

/** The number in ILSVRC2012_val_00000001.JPEG, or null for other names. */
export function validationNumber(name: string): number | null {
  const digits = /^ILSVRC2012_val_(\d{8})\.jpe?g$/i.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}

/**
 * Looks for the truth in the folders given: Kaggle's solution, a list of synsets, or the development kit, packed or not.
 * Throws `data-missing` when there is none, and says what is needed.
 */
export async function readValidationTruth(tree: FileTree, folders: readonly string[]): Promise<ValidationTruth> {
  for (const folder of folders) {
    const find = (name: string) => tree.find(folder === '' ? name : `${folder}/${name}`)
    const solution = await find(solutionName)
    if (solution !== null) {
      const synsets = new Map<number, string>()
      for await (const line of fileLines(tree, solution)) {
        const [, digits, synset] = /^ILSVRC2012_val_(\d{8}),(n\d{8})\b/.exec(line) ?? []
        if (synset !== undefined) synsets.set(Number(digits), synset)
      }
      return { source: solutionName, files: [solution], synsets, names: new Map() }
    }
    const list = await find(synsetListName)
    if (list !== null) {
      const lines: string[] = []
      for await (const line of fileLines(tree, list)) lines.push(line.trim())
      return { source: synsetListName, files: [list], synsets: numbered(lines.filter(isSynset)), names: new Map() }
    }
    for (const place of ['', 'data/', `${kit}/data/`]) {
      const [truth, meta] = [await find(`${place}${truthName}`), await find(`${place}meta.mat`)]
      if (truth === null || meta === null) continue
      const told = truthOf(await readWhole(tree, truth, mostKitBytes), await readWhole(tree, meta, mostKitBytes))
      return { ...told, files: [truth, meta] }
    }
    const packed = await find(`${kit}.tar.gz`)
    if (packed !== null) return { ...truthOfKit(await readWhole(tree, packed, mostKitBytes)), files: [packed] }
  }
  throw new RepriseError({
    code: 'data-missing',
    message: 'Nothing says the classes of the validation pictures of ImageNet',
    expected: `${kit}.tar.gz, its files meta.mat and ${truthName}, ${solutionName} or ${synsetListName}`,
    found: 'validation pictures without them',
    fix: `Put ${kit}.tar.gz, which comes with ImageNet, into the folder of the pictures and choose that folder. The ground truth alone does not do: it counts the classes in an order that only meta.mat explains.`,
  })
}

function truthOfKit(bytes: Uint8Array): Omit<ValidationTruth, 'files'> {
  const files = readTar(matchGzip(bytes) ? gunzip(bytes, `${kit}.tar.gz`) : bytes, `${kit}.tar.gz`)
  const named = (name: string) => files.find((file) => file.name.endsWith(`/data/${name}`))
  const [truth, meta] = [named(truthName), named('meta.mat')]
  if (truth !== undefined && meta !== undefined) return truthOf(truth.data, meta.data)
  throw wrongKit(
    `data/meta.mat and data/${truthName}`,
    files
      .slice(0, 5)
      .map(({ name }) => name)
      .join(', '),
  )
}

function truthOf(truth: Uint8Array, meta: Uint8Array): Omit<ValidationTruth, 'files'> {
  const synsetOf = new Map<number, string>()
  const names = new Map<string, string>()
  for (const { id, synset, words } of readKitSynsets(meta)) {
    synsetOf.set(id, synset)
    names.set(synset, firstWord(words))
  }
  const lines = new TextDecoder()
    .decode(truth)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  const synsets = lines.map((line, i) => {
    const synset = synsetOf.get(Number(line))
    if (synset === undefined)
      throw wrongKit('ids that meta.mat explains', `"${line.slice(0, 40)}" in line ${i + 1} of ${truthName}`)
    return synset
  })
  return { source: truthName, synsets: numbered(synsets), names }
}

/** The synsets of meta.mat that are classes, not families of classes: those without children. */
function readKitSynsets(meta: Uint8Array): { id: number; synset: string; words: string }[] {
  const synsets = readMat(meta, 'meta.mat', ['synsets']).get('synsets')
  if (synsets?.kind !== 'records') throw wrongKit('the structure "synsets" in meta.mat', 'none')
  return synsets.records.flatMap((record) => {
    const [id, children] = [numberOf(record.get('ILSVRC2012_ID')), numberOf(record.get('num_children'))]
    const [synset, words] = [record.get('WNID'), record.get('words')]
    if (children !== 0 || id === null || synset?.kind !== 'text' || !isSynset(synset.text)) return []
    return [{ id, synset: synset.text, words: words?.kind === 'text' ? words.text : '' }]
  })
}

function numberOf(value: MatValue | undefined): number | null {
  return value?.kind === 'numbers' ? (value.data[0] ?? null) : null
}

function numbered(synsets: readonly string[]): Map<number, string> {
  return new Map(synsets.map((synset, i) => [i + 1, synset] as const))
}

function wrongKit(expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: 'The development kit of ImageNet cannot be read',
    expected,
    found,
    fix: `Get ${kit}.tar.gz again from image-net.org.`,
  })
}
