// A folder that holds one folder of pictures per class, with or without train/ and test/ above them.
import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { RepriseError } from '../../shared/errors.ts'
import { isPictureName } from './decode-picture.ts'
import { naturalOrder } from './named-files.ts'

export interface PictureFile {
  path: string
  label: number
}

export interface ClassFolders {
  classes: string[]
  train: PictureFile[]
  /** Null when the folder sets no test pictures apart. */
  test: PictureFile[] | null
  /** How the folder was understood, as a sentence. */
  reason: string
}

const testNames = ['test', 'val', 'valid', 'validation']
const deepest = 8

/**
 * Lists the pictures of every class; null when the folder does not have at least two folders with pictures.
 * Throws `data-format` when a class has test pictures but no training pictures.
 */
export async function findClassFolders(folder: string): Promise<ClassFolders | null> {
  const folders = await subfolders(folder)
  const trainName = folders.find((name) => ['train', 'training'].includes(name.toLowerCase()))
  const testName = testNames
    .map((wanted) => folders.find((name) => name.toLowerCase() === wanted))
    .find((name) => name !== undefined)
  if (trainName === undefined) {
    const groups = await classesIn(folder, folders)
    if (groups.size < 2) return null
    const classes = [...groups.keys()]
    return { classes, train: label(groups, classes), test: null, reason: `${groups.size} folders hold pictures.` }
  }
  const trainGroups = await classesIn(join(folder, trainName))
  if (trainGroups.size < 2) return null
  const classes = [...trainGroups.keys()]
  const train = label(trainGroups, classes)
  if (testName === undefined) {
    return { classes, train, test: null, reason: `${trainName} holds ${classes.length} folders of pictures.` }
  }
  const testGroups = await classesIn(join(folder, testName))
  const unknown = [...testGroups.keys()].filter((name) => !trainGroups.has(name))
  if (unknown.length > 0 || testGroups.size === 0) {
    throw new RepriseError({
      code: 'data-format',
      message: `${testName} does not have the classes of ${trainName}`,
      expected: classes.slice(0, 20).join(', '),
      found: unknown.length > 0 ? `also ${unknown.slice(0, 20).join(', ')}` : 'no folders with pictures',
      fix: `Give ${testName} the same folders as ${trainName}.`,
    })
  }
  const reason = `${trainName} and ${testName} hold ${classes.length} folders of pictures.`
  return { classes, train, test: label(testGroups, classes), reason }
}

/** Says what lies in a folder, for the message that it has no class folders. */
export async function describeFolder(folder: string): Promise<string> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'))
  const folders = entries.filter((entry) => entry.isDirectory())
  const pictures = entries.filter((entry) => !entry.isDirectory() && isPictureName(entry.name)).length
  const others = entries.length - folders.length - pictures
  const names = folders.slice(0, 5).map(({ name }) => name)
  const listed = names.length === 0 ? '' : ` (${names.join(', ')}${folders.length > names.length ? ', ...' : ''})`
  return `${pictures} pictures, ${folders.length} folders${listed} and ${others} other files in ${folder}`
}

/** Folders directly below, also behind links, hidden ones left out, in natural order. */
export async function subfolders(folder: string): Promise<string[]> {
  const names: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    const target = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch((): null => null) : entry
    if (target?.isDirectory()) names.push(entry.name)
  }
  return names.sort(naturalOrder)
}

async function classesIn(folder: string, names?: string[]): Promise<Map<string, string[]>> {
  const groups = new Map<string, string[]>()
  for (const name of names ?? (await subfolders(folder))) {
    const pictures = await picturesBelow(join(folder, name), deepest)
    if (pictures.length > 0) groups.set(name, pictures.sort(naturalOrder))
  }
  return groups
}

async function picturesBelow(folder: string, depth: number): Promise<string[]> {
  const pictures: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    // Links to folders are not followed: they may lead in circles.
    if (entry.isDirectory()) pictures.push(...(depth > 0 ? await picturesBelow(path, depth - 1) : []))
    else if (isPictureName(entry.name)) pictures.push(path)
  }
  return pictures
}

function label(groups: Map<string, string[]>, classes: readonly string[]): PictureFile[] {
  return classes.flatMap((name, index) => (groups.get(name) ?? []).map((path) => ({ path, label: index })))
}

/** The path below `folder`, with forward slashes on every system. */
export function pathBelow(folder: string, path: string): string {
  return relative(folder, path).replaceAll('\\', '/')
}
