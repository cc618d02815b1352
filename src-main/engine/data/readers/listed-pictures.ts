// Lists of pictures with their classes, whatever they are written in: which files they are, and what comes of their rows.
import { throwIfCancelled } from '../cancellation.ts'
import type { FileTree, SourceProblem, TreeFile } from './file-tree.ts'
import { classesOfLabels, type LabelClasses, type LabelValue, labelValue } from './label-values.ts'
import { folderOf, foundPicture, inWords } from './labelled-folders.ts'
import { findListed, findPathRule, type PathRule } from './listed-paths.ts'
import { partNamed, partOfFile } from './part-names.ts'
import type { DetectedFiles, FoundPicture, GivenPart } from './reader.ts'
import { nameOf } from './whole-file.ts'

export interface ListedRow {
  path: string
  label: string
  split: string
}

/** One list: its rows can be read again and again, null standing for a row that gives none. */
export interface PictureList {
  name: string
  /** Where it lies, and most often its pictures. */
  folder: string
  /** Of the file, for pictures of which no row says it. */
  part: GivenPart | null
  rows(): AsyncIterable<ListedRow | { line: number; reason: string }>
}

const mostLists = 20

/**
 * The lists at the root, and those that Hugging Face's image folders keep in train, validation and test. More files than a
 * person would write are labels of another kind, one for each picture.
 */
export async function listFiles(tree: FileTree, ending: RegExp): Promise<TreeFile[]> {
  const { folders, files } = await tree.list('')
  const found = files.filter(({ path }) => ending.test(path))
  if (found.length > mostLists) return []
  for (const folder of folders) {
    if (partNamed(folder) === null) continue
    for (const name of ['metadata.csv', 'metadata.jsonl']) {
      const file = ending.test(name) ? await tree.find(`${folder}/${name}`) : null
      if (file !== null) found.push(file)
    }
  }
  return found
}

/** What the place of a list tells of it. */
export function placeOf(file: TreeFile): Pick<PictureList, 'name' | 'folder' | 'part'> {
  const name = nameOf(file)
  const folder = folderOf(file.path)
  return { name: file.path, folder, part: partOfFile(name) ?? partNamed(folder) }
}

/** Several lists belong together only where their names tell them apart as train, val and test. */
export function onePerPart(lists: readonly PictureList[]): readonly PictureList[] {
  const parts = lists.map(({ part }) => part)
  return parts.every((part, i) => part !== null && parts.indexOf(part) === i) ? lists : lists.slice(0, 1)
}

/** Reads the lists through once for their classes. Null when none of their first pictures is there. */
export async function detectedLists(
  reader: 'csv' | 'jsonl',
  tree: FileTree,
  lists: readonly PictureList[],
): Promise<DetectedFiles | null> {
  const rules = new Map<PictureList, PathRule>()
  const labels = new Set<LabelValue>()
  let rowCount = 0
  for (const list of lists) {
    const first: string[] = []
    for await (const row of list.rows()) {
      if (!('path' in row)) continue
      first.push(row.path)
      if (first.length === 20) break
    }
    const rule = await findPathRule(tree, first, [list.folder])
    if (rule === null) continue
    rules.set(list, rule)
    for await (const row of list.rows()) {
      rowCount += 1
      const label = 'path' in row ? labelValue(row.label) : null
      if (label !== null) labels.add(label)
    }
  }
  if (rules.size === 0) return null
  const { classes, labelOf } = classesOfLabels(labels)
  return {
    reader,
    label: tree.name,
    reason: `${[...rules.keys()].map(({ name }) => name).join(' and ')} lists ${inWords(rowCount)} pictures with their classes.`,
    storage: 'files',
    classes,
    total: rowCount,
    async *pictures({ signal, onProblem }) {
      const seen = new Set<string>()
      for (const [list, rule] of rules) {
        for await (const rows of inChunks(list.rows())) {
          throwIfCancelled(signal)
          const found = await Promise.all(rows.map((row) => pictureOf(row, tree, list, rule, labelOf)))
          const names = rows.map((row) => ('path' in row ? row.path : `${list.name}, line ${row.line}`))
          const pictures = takeOnce(found, names, seen, onProblem)
          if (pictures.length > 0) yield pictures
        }
      }
    },
  }
}

/** The pictures among `found` that are not in `seen`; what gives none is told under the name it is listed by. */
export function takeOnce(
  found: readonly (FoundPicture | { reason: string })[],
  names: readonly string[],
  seen: Set<string>,
  onProblem: (problem: SourceProblem) => void,
): FoundPicture[] {
  const pictures: FoundPicture[] = []
  for (const [i, picture] of found.entries()) {
    const name = names[i] ?? ''
    if ('reason' in picture) onProblem({ name, reason: picture.reason })
    else if (seen.has(picture.name)) onProblem({ name, reason: 'Listed more than once' })
    else {
      seen.add(picture.name)
      pictures.push(picture)
    }
  }
  return pictures
}

async function pictureOf(
  row: ListedRow | { line: number; reason: string },
  tree: FileTree,
  list: PictureList,
  rule: PathRule,
  labelOf: LabelClasses['labelOf'],
): Promise<FoundPicture | { reason: string }> {
  if (!('path' in row)) return row
  const label = labelValue(row.label)
  if (label === null) return { reason: 'Listed without a class' }
  const file = await findListed(tree, row.path, rule)
  return 'reason' in file ? file : foundPicture(file, labelOf(label), partNamed(row.split) ?? list.part)
}

async function* inChunks<Row>(rows: AsyncIterable<Row>): AsyncIterable<Row[]> {
  let chunk: Row[] = []
  for await (const row of rows) {
    chunk.push(row)
    if (chunk.length < 500) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
