// Which part of a data set the name of a folder, a file or a cell means.
import type { GivenPart } from './reader.ts'

/** The part that a word such as "valid" means. */
export function partNamed(word: string): GivenPart | null {
  const plain = word.trim().toLowerCase()
  if (/^(train|training|trn)$/.test(plain)) return 'train'
  if (/^(val|valid|validation|dev)$/.test(plain)) return 'val'
  return /^(test|testing|tst)$/.test(plain) ? 'test' : null
}

/** The part that a file name such as labels_train.csv tells of. */
export function partOfFile(name: string): GivenPart | null {
  const words = name.replace(/\.\w+$/, '').split(/[^a-z]+/i)
  return words.map(partNamed).find((part) => part !== null) ?? null
}
