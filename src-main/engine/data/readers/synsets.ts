// WordNet's synsets, by whose ids ImageNet and its relatives name their classes.

import { fileLines } from './file-chunks.ts'
import type { FileTree, TreeFile } from './file-tree.ts'

/** True for ids such as n01440764. */
export function isSynset(name: string): boolean {
  return /^n\d{8}$/.test(name)
}

/** First word of each synset in a file of lines "n01440764 tench, Tinca tinca", for those that are wanted. */
export async function synsetNames(
  tree: FileTree,
  file: TreeFile,
  wanted: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for await (const line of fileLines(tree, file)) {
    const [, synset = '', words = ''] = /^(n\d{8})\s+(.*)$/.exec(line) ?? []
    if (wanted.has(synset)) names.set(synset, firstWord(words))
  }
  return names
}

export function firstWord(words: string): string {
  return (words.split(',')[0] ?? '').trim()
}

/** Classes for people: the id, which is unique, and its name where that is known. */
export function namedClasses(synsets: readonly string[], names: ReadonlyMap<string, string>): string[] {
  return synsets.map((synset) => {
    const name = names.get(synset) ?? ''
    return name === '' ? synset : `${synset} ${name}`
  })
}
