// Lists of pictures as one JSON object a line, such as {"path": "a.jpg", "label": "cat", "split": "train"}.
import { fileLines } from './file-chunks.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import { columnsNamed } from './list-columns.ts'
import { detectedLists, listFiles, onePerPart, type PictureList, placeOf } from './listed-pictures.ts'
import type { DataReader } from './reader.ts'

export const jsonl: DataReader = {
  name: 'jsonl',
  detect: async (tree) => {
    const lists: PictureList[] = []
    for (const file of await listFiles(tree, /\.(jsonl|ndjson)$/i)) {
      lists.push({ ...placeOf(file), rows: () => listedRows(tree, file) })
    }
    return detectedLists('jsonl', tree, onePerPart(lists))
  },
}

async function* listedRows(tree: FileTree, file: TreeFile): ReturnType<PictureList['rows']> {
  let line = 0
  for await (const text of fileLines(tree, file)) {
    line += 1
    if (text.trim() === '') continue
    const entry = entryOf(text)
    const columns = entry === null ? null : columnsNamed(Object.keys(entry).map((key) => [key, key] as const))
    if (entry === null || columns === null) {
      yield { line, reason: entry === null ? 'Not a JSON object' : 'An object without a path and a label' }
      continue
    }
    const cell = (key: string | null) => (key === null ? '' : inWords(entry[key]))
    yield { path: cell(columns.path), label: cell(columns.label), split: cell(columns.split) }
  }
}

function entryOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
}
