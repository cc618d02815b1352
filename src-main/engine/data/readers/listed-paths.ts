// Paths as lists write them, and the pictures that they mean.
import { isPictureName } from '../decode-picture.ts'
import type { FileTree, TreeFile } from './file-tree.ts'

/**
 * A path from a list with forward slashes and without dots, or null where it would lead out of the folder: absolute paths,
 * drives and `..` are refused.
 */
export function pathWithin(text: string): string | null {
  const path = text.trim().replaceAll('\\', '/')
  if (path === '' || path.startsWith('/') || /^[a-z]+:/i.test(path) || path.includes('\0')) return null
  const steps = path.split('/').filter((step) => step !== '' && step !== '.')
  return steps.length === 0 || steps.includes('..') ? null : steps.join('/')
}

/** How the paths of one list become paths of the tree. */
export interface PathRule {
  /** '' or a folder with a slash at its end. */
  folder: string
  /** '' or an ending that the list leaves out. */
  ending: string
}

const endings = ['', '.jpg', '.jpeg', '.png', '.JPEG']
const usualFolders = ['images', 'train', 'data']
const mostFolders = 30

/**
 * The rule by which the first listed path that can be found is found: in the folders `near` and the root, or in one of the
 * folders right below; null when there is none.
 */
export async function findPathRule(
  tree: FileTree,
  listed: readonly string[],
  near: readonly string[] = [],
): Promise<PathRule | null> {
  const paths = listed.map(pathWithin).filter((path) => path !== null)
  const below = (await tree.list('')).folders.slice(0, mostFolders)
  for (const name of new Set([...near, '', ...usualFolders, ...below])) {
    const folder = name === '' ? '' : `${name}/`
    for (const path of paths) {
      for (const ending of isPictureName(path) ? [''] : endings) {
        if ((await tree.find(`${folder}${path}${ending}`)) !== null) return { folder, ending }
      }
    }
  }
  return null
}

/** The listed file, or why there is none. */
export async function findListed(
  tree: FileTree,
  text: string,
  { folder, ending }: PathRule,
): Promise<TreeFile | { reason: string }> {
  const path = pathWithin(text)
  if (path === null) return { reason: 'Not a path within the folder of the list' }
  return (await tree.find(`${folder}${path}${ending}`)) ?? { reason: 'Listed, but there is no such file' }
}
