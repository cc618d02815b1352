// Which columns of a list hold the path, the class and the part of a picture.
import { isPictureName } from '../decode-picture.ts'
import { partNamed } from './part-names.ts'

/** Usual names of columns, the likeliest first; compared without case, spaces, dashes and underscores. */
const columnNames = {
  path: [
    'path',
    'filepath',
    'imagepath',
    'imgpath',
    'filename',
    'file',
    'image',
    'img',
    'imagename',
    'imagefile',
    'id',
  ],
  label: ['label', 'class', 'target', 'classname', 'labelname', 'category', 'y'],
  split: ['split', 'set', 'subset', 'partition', 'part', 'fold', 'usage'],
} as const

export interface Columns<Key> {
  path: Key
  label: Key
  split: Key | null
}

/** The columns by their names, or null when they do not tell of a path and a label. */
export function columnsNamed<Key extends string | number>(
  names: readonly (readonly [string, Key])[],
): Columns<Key> | null {
  const plain = names.map(([name, key]) => [name.toLowerCase().replace(/[\s_-]/g, ''), key] as const)
  const pick = (wanted: readonly string[]) =>
    wanted.map((name) => plain.find(([found]) => found === name)?.[1]).find((key) => key !== undefined)
  const path = pick(columnNames.path)
  const label = pick(columnNames.label)
  return path === undefined || label === undefined ? null : { path, label, split: pick(columnNames.split) ?? null }
}

/** The columns of a list without a header, by what its first rows hold. */
export function columnsByContent(rows: readonly (readonly string[])[]): Columns<number> | null {
  const [first] = rows
  if (first === undefined) return null
  const path = first.findIndex(isPictureName)
  const others = first.map((_, column) => column).filter((column) => column !== path)
  const split = others.find((column) => rows.every((row) => partNamed(row[column] ?? '') !== null)) ?? null
  const label = others.find((column) => column !== split)
  return path === -1 || label === undefined ? null : { path, label, split: others.length > 1 ? split : null }
}
