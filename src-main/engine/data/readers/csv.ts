// Lists of path,label[,split] in CSV, with or without a header, separated by commas, semicolons or tabs.
import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { RepriseError } from '../../../shared/errors.ts'
import { fileChunks } from './file-chunks.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import { type Columns, columnsByContent, columnsNamed } from './list-columns.ts'
import { detectedLists, listFiles, onePerPart, type PictureList, placeOf } from './listed-pictures.ts'
import type { DataReader } from './reader.ts'
import { nameOf, readHead } from './whole-file.ts'

const mostRowBytes = 100_000
const looksAt = 20

export const csv: DataReader = {
  name: 'csv',
  detect: async (tree) => {
    const lists: PictureList[] = []
    for (const file of await listFiles(tree, /\.(csv|tsv|txt)$/i)) {
      const list = await openList(tree, file)
      if (list !== null) lists.push(list)
    }
    return detectedLists('csv', tree, onePerPart(lists))
  },
}

async function openList(tree: FileTree, file: TreeFile): Promise<PictureList | null> {
  // Texts hold no zero bytes; a MATLAB table or a picture that is named .txt does.
  if ((await readHead(tree, file)).includes(0)) return null
  const delimiter = await delimiterOf(tree, file)
  if (delimiter === null) return null
  const first: string[][] = []
  try {
    for await (const { cells } of readRows(tree, file, delimiter)) {
      first.push(cells)
      if (first.length === looksAt) break
    }
  } catch (error) {
    if (error instanceof CsvError) return null
    throw error
  }
  const named = columnsNamed((first[0] ?? []).map((name, column) => [name, column] as const))
  const columns = named ?? columnsByContent(first)
  if (columns === null) return null
  return {
    ...placeOf(file),
    rows: () => listedRows(tree, file, delimiter, columns, named === null ? 0 : 1),
  }
}

/** What separates the cells of the first line; null when nothing does. */
async function delimiterOf(tree: FileTree, file: TreeFile): Promise<string | null> {
  const text = new TextDecoder().decode(await readHead(tree, file))
  const [line = ''] = text.split(/\r?\n/, 1)
  const outside = line.replace(/"[^"]*"/g, '')
  const counts = [',', ';', '\t'].map((mark) => [mark, outside.split(mark).length - 1] as const)
  const [mark, count] = counts.reduce((most, next) => (next[1] > most[1] ? next : most))
  return count === 0 ? null : mark
}

async function* listedRows(
  tree: FileTree,
  file: TreeFile,
  delimiter: string,
  { path, label, split }: Columns<number>,
  skipped: number,
): ReturnType<PictureList['rows']> {
  let row = 0
  try {
    for await (const { cells, line } of readRows(tree, file, delimiter)) {
      row += 1
      if (row <= skipped) continue
      const cell = (column: number | null) => (column === null ? '' : (cells[column] ?? ''))
      if (cell(path) === '') yield { line, reason: 'A line without a path' }
      else yield { path: cell(path), label: cell(label), split: cell(split) }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new RepriseError(
      {
        code: 'data-format',
        message: `${nameOf(file)} cannot be read as a table`,
        expected: `rows of cells separated by ${delimiter === '\t' ? 'tabs' : `"${delimiter}"`}`,
        found: error.message,
        fix: 'Write the list anew, with quotes only around whole cells.',
      },
      { cause: error },
    )
  }
}

async function* readRows(
  tree: FileTree,
  file: TreeFile,
  delimiter: string,
): AsyncIterable<{ cells: string[]; line: number }> {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    max_record_size: mostRowBytes,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  })
  // An error of either one ends the parser, which throws it.
  pipeline(Readable.from(fileChunks(tree, file), { objectMode: false }), parser, () => {})
  for await (const { record, info } of parser) yield { cells: record, line: info.lines }
}
