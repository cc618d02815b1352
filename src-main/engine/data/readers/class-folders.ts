// One folder of pictures for each class.

import { displayName } from './escaped-names.ts'
import type { FileTree } from './file-tree.ts'
import { holdPictures, inWords, picturesBelow } from './labelled-folders.ts'
import { partNamed } from './part-names.ts'
import type { DataReader, DetectedFiles } from './reader.ts'

export const classFolders: DataReader = {
  name: 'class-folders',
  detect: async (tree) => {
    const { folders } = await tree.list('')
    // Parts without folders of classes in them have no labels; a class may well be called "train".
    if (folders.every((name) => partNamed(name) !== null)) return null
    if (!(await holdPictures(tree, folders, 2))) return null
    return detectedFolders(tree, folders)
  },
}

/** Folders without pictures make no class; that is known only when they have been walked through. */
function detectedFolders(tree: FileTree, folders: readonly string[]): DetectedFiles {
  const classes = folders.map(displayName)
  return {
    reader: 'class-folders',
    label: tree.name,
    reason: `${inWords(folders.length)} folders, one for each class.`,
    storage: 'files',
    classes,
    total: null,
    async *pictures({ signal, onProblem }) {
      const present: string[] = []
      for (const folder of folders) {
        let isEmpty = true
        for await (const chunk of picturesBelow(tree, folder, {
          label: present.length,
          part: null,
          signal,
          onProblem,
        })) {
          isEmpty = false
          yield chunk
        }
        if (isEmpty) onProblem({ name: folder, reason: 'A folder without pictures, which makes no class' })
        else present.push(folder)
      }
      classes.splice(0, classes.length, ...present.map(displayName))
    },
  }
}
