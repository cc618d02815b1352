// A folder of a tree as a tree of its own.
import type { FileTree, TreeFile } from './file-tree.ts'

/** The tree below `folder`, with paths from there. Locations stay those of the whole tree, so either one reads its files. */
export function treeBelow(tree: FileTree, folder: string): FileTree {
  const within = (path: string) => (path === '' ? folder : `${folder}/${path}`)
  const shortened = (file: TreeFile): TreeFile => ({ ...file, path: file.path.slice(folder.length + 1) })
  return {
    kind: tree.kind,
    root: tree.root,
    name: folder.slice(folder.lastIndexOf('/') + 1),
    archive: null,
    read: (file, range) => tree.read(file, range),
    list: async (path) => {
      const found = await tree.list(within(path))
      return { ...found, files: found.files.map(shortened) }
    },
    walk: async function* (path, signal, onProblem) {
      for await (const files of tree.walk(within(path), signal, onProblem)) yield files.map(shortened)
    },
    find: async (path) => {
      const file = await tree.find(within(path))
      return file === null ? null : shortened(file)
    },
  }
}
