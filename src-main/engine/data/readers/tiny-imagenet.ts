// Tiny-ImageNet (Stanford CS231n): wnids.txt, words.txt, train/<wnid>/images, val/images with val_annotations.txt. The pictures
// of test have no labels and are left aside.
import { throwIfCancelled } from '../cancellation.ts'
import { fileLines } from './file-chunks.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import { foundPicture, inWords, picturesBelow } from './labelled-folders.ts'
import type { DataReader, DetectedFiles, FoundPicture } from './reader.ts'
import { isSynset, namedClasses, synsetNames } from './synsets.ts'
import { nameOf } from './whole-file.ts'

const valPictures = 'val/images'

export const tinyImagenet: DataReader = {
  name: 'tiny-imagenet',
  detect: async (tree) => {
    const list = await tree.find('wnids.txt')
    if (list === null) return null
    const synsets: string[] = []
    for await (const line of fileLines(tree, list)) if (isSynset(line.trim())) synsets.push(line.trim())
    const trainFolders = new Set((await tree.list('train')).folders)
    if (synsets.length < 2 || !synsets.some((synset) => trainFolders.has(synset))) return null
    // Sorted, as torchvision numbers the folders; the file has another order.
    return detectedTiny(tree, [...new Set(synsets)].sort(), await tree.find('val/val_annotations.txt'))
  },
}

async function detectedTiny(tree: FileTree, synsets: string[], truth: TreeFile | null): Promise<DetectedFiles> {
  const words = await tree.find('words.txt')
  const names = words === null ? new Map<string, string>() : await synsetNames(tree, words, new Set(synsets))
  return {
    reader: 'tiny-imagenet',
    label: tree.name,
    reason: `Looks like Tiny-ImageNet: wnids.txt names ${inWords(synsets.length)} folders of train.`,
    storage: 'files',
    classes: namedClasses(synsets, names),
    total: null,
    async *pictures({ signal, onProblem }) {
      const part = truth === null ? null : 'train'
      for (const [label, synset] of synsets.entries()) {
        let isEmpty = true
        for await (const chunk of picturesBelow(tree, `train/${synset}`, { label, part, signal, onProblem })) {
          isEmpty = false
          yield chunk
        }
        if (isEmpty) onProblem({ name: `train/${synset}`, reason: 'A class of wnids.txt without pictures' })
      }
      if (truth === null) return
      const labels = new Map(synsets.map((synset, label) => [synset, label] as const))
      const labelOf = new Map<string, number>()
      for await (const line of fileLines(tree, truth)) {
        const [name, synset] = line.split('\t')
        const label = labels.get(synset ?? '')
        if (name !== undefined && label !== undefined) labelOf.set(name, label)
      }
      for await (const files of tree.walk(valPictures, signal, onProblem)) {
        throwIfCancelled(signal)
        const found: FoundPicture[] = []
        for (const file of files) {
          const label = labelOf.get(nameOf(file))
          if (label === undefined) onProblem({ name: file.path, reason: 'val_annotations.txt gives it no class' })
          else found.push(foundPicture(file, label, 'val'))
          labelOf.delete(nameOf(file))
        }
        if (found.length > 0) yield found
      }
      for (const name of labelOf.keys()) {
        onProblem({ name: `${valPictures}/${name}`, reason: 'Listed, but there is no such file' })
      }
    },
  }
}
