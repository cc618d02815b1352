// Folders of classes inside train, val and test.
import { RepriseError } from '../../../shared/errors.ts'
import { displayName } from './escaped-names.ts'
import type { FileTree } from './file-tree.ts'
import { holdPictures, inWords, picturesBelow } from './labelled-folders.ts'
import { partNamed } from './part-names.ts'
import type { DataReader, DetectedFiles, GivenPart } from './reader.ts'

interface PartFolder {
  part: GivenPart
  folder: string
  classes: string[]
}

export const trainValFolders: DataReader = {
  name: 'train-val-folders',
  detect: async (tree) => {
    const { folders } = await tree.list('')
    const trainFolder = folders.find((name) => partNamed(name) === 'train')
    if (trainFolder === undefined) return null
    const train = await partFolder(tree, 'train', trainFolder)
    const paths = train.classes.map((name) => `${trainFolder}/${name}`)
    if (!(await holdPictures(tree, paths, 2))) return null
    const others: PartFolder[] = []
    for (const part of ['val', 'test'] as const) {
      const folder = folders.find((name) => partNamed(name) === part)
      if (folder !== undefined) others.push(await partFolder(tree, part, folder))
    }
    for (const other of others) {
      const unknown = other.classes.filter((name) => !train.classes.includes(name))
      const unknownPaths = unknown.map((name) => `${other.folder}/${name}`)
      if (await holdPictures(tree, unknownPaths, 1)) {
        throw otherClasses(other, train, `also ${unknown.slice(0, 20).join(', ')}`)
      }
    }
    return detectedParts(tree, train, others)
  },
}

async function partFolder(tree: FileTree, part: GivenPart, folder: string): Promise<PartFolder> {
  return { part, folder, classes: (await tree.list(folder)).folders }
}

/** Classes are those of train that hold pictures; the other parts may lack some of them, but have no others. */
function detectedParts(tree: FileTree, train: PartFolder, others: PartFolder[]): DetectedFiles {
  const labelled = others.filter(({ classes }) => classes.length > 0)
  const unlabelled = others.filter(({ classes }) => classes.length === 0)
  const [first] = unlabelled
  if (first !== undefined && labelled.length === 0) throw otherClasses(first, train, 'no folders with pictures')
  const named = [train, ...labelled].map(({ folder }) => folder)
  const classes = train.classes.map(displayName)
  return {
    reader: 'train-val-folders',
    label: tree.name,
    reason: `${inList(named)} ${named.length > 1 ? 'hold' : 'holds'} ${inWords(train.classes.length)} folders of pictures.`,
    storage: 'files',
    classes,
    total: null,
    async *pictures({ signal, onProblem }) {
      const present: string[] = []
      // With nothing to test on set apart, nothing is given.
      const trainPart = labelled.length > 0 ? 'train' : null
      for (const name of train.classes) {
        const folder = `${train.folder}/${name}`
        let isEmpty = true
        for await (const chunk of picturesBelow(tree, folder, {
          label: present.length,
          part: trainPart,
          signal,
          onProblem,
        })) {
          isEmpty = false
          yield chunk
        }
        if (isEmpty) onProblem({ name: folder, reason: 'A folder without pictures, which makes no class' })
        else present.push(name)
      }
      for (const other of labelled) {
        let isEmpty = true
        for (const name of other.classes) {
          const label = present.indexOf(name)
          for await (const chunk of picturesBelow(tree, `${other.folder}/${name}`, {
            label,
            part: other.part,
            signal,
            onProblem,
          })) {
            isEmpty = false
            if (label === -1) throw otherClasses(other, train, `also ${name}`)
            yield chunk
          }
        }
        if (isEmpty) throw otherClasses(other, train, 'no folders with pictures')
      }
      for (const { folder } of unlabelled) {
        onProblem({ name: folder, reason: 'No folders of classes, so its pictures have no labels' })
      }
      classes.splice(0, classes.length, ...present.map(displayName))
    },
  }
}

function otherClasses(part: PartFolder, train: PartFolder, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${part.folder} does not have the classes of ${train.folder}`,
    expected: train.classes.slice(0, 20).join(', '),
    found,
    fix: `Give ${part.folder} the same folders as ${train.folder}.`,
  })
}

function inList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
