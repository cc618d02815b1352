// The parts of a data set as a table for other programs (CSV, RFC 4180).
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PictureIndex } from '../../picture-index/types.ts'

const chunkPictures = 2000

/** A line for each picture: name, class, part (empty for none), and 1 where it is left out. No cell is a formula. */
export async function splitTable(index: Pick<PictureIndex, 'scan'>, classes: readonly string[]): Promise<string> {
  const chunks = ['name,class,part,excluded\r\n']
  for (const pictures of index.scan(chunkPictures)) {
    const lines = pictures.map(({ name, label, part, excluded }) =>
      [name, classes[label] ?? String(label), part ?? '', excluded ? '1' : '0'].map(cell).join(','),
    )
    chunks.push(`${lines.join('\r\n')}\r\n`)
    // Other calls are answered between the chunks of a large table.
    await nextTurn()
  }
  return chunks.join('')
}

/**
 * Spreadsheets run a cell that begins so as a formula (OWASP, "CSV Injection"); an apostrophe makes them show it as text. Plain
 * numbers stay as they are.
 */
const looksLikeFormula = (text: string) => /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text)

function cell(text: string): string {
  const shown = looksLikeFormula(text) ? `'${text}` : text
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown
}
