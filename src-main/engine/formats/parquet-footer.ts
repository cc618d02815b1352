// The footer of a Parquet file: its schema, its row groups, and what its writer noted. hyparquet parses it.
import { type FileMetaData, parquetMetadata, parquetSchema, type SchemaTree } from 'hyparquet'
import { RepriseError } from '../../shared/errors.ts'
import type { ParquetColumn } from './parquet-pages.ts'
import { endOfStruct } from './thrift-bounds.ts'

/** A column without further columns in it. */
export interface ParquetLeaf {
  /** Names from the outermost, joined by dots: image.bytes. */
  path: string
  type: ParquetColumn['type'] | 'other'
  /** Definition level of a value that is there. */
  deepest: number
  /** Lists in the rows. */
  isRepeated: boolean
}

export interface ParquetFooter {
  rowCount: number
  leaves: ParquetLeaf[]
  /** Columns by path, those without lists. */
  rowGroups: { rowCount: number; columns: Map<string, ParquetColumn> }[]
  /** Of the key-value metadata. */
  note(key: string): string | null
}

const magic = 0x31524150
const tailBytes = 8
const mostFooterBytes = 64 * 1024 * 1024

/** True when the bytes begin as a Parquet file that is not encrypted. */
export function matchParquet(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x41 && bytes[2] === 0x52 && bytes[3] === 0x31
}

/** Throws `data-truncated` when the file has no end, `data-format` when its footer is damaged. */
export function readParquetFooter(
  read: (offset: number, length: number) => Uint8Array,
  total: number,
  file: string,
): ParquetFooter {
  const tail = total < tailBytes + 4 ? new Uint8Array(tailBytes) : read(total - tailBytes, tailBytes)
  const view = new DataView(tail.buffer, tail.byteOffset, tailBytes)
  const bytes = view.getUint32(0, true) + tailBytes
  if (view.getUint32(4, true) !== magic) {
    throw new RepriseError({
      code: 'data-truncated',
      message: `${file} ends too early`,
      expected: 'PAR1 as its last bytes',
      fix: 'The copy or download was cut off: get the file again from its source.',
    })
  }
  if (bytes > total || bytes > mostFooterBytes) throw damaged(file, `a footer of ${bytes} bytes`)
  try {
    // A copy: the values of the footer are views into it.
    const footer = read(total - bytes, bytes).slice()
    endOfStruct(footer, 0)
    return footerOf(parquetMetadata(footer.buffer, { geoparquet: false }))
  } catch (error) {
    throw error instanceof RepriseError ? error : damaged(file, (error as Error).message, error)
  }
}

function footerOf(metadata: FileMetaData): ParquetFooter {
  const leaves = leavesOf(parquetSchema(metadata), 0, false)
  const readable = new Map(leaves.filter(({ isRepeated }) => !isRepeated).map((leaf) => [leaf.path, leaf]))
  return {
    rowCount: wholeNumber(metadata.num_rows),
    leaves,
    rowGroups: metadata.row_groups.map((group) => {
      const columns = new Map<string, ParquetColumn>()
      for (const { meta_data: column } of group.columns) {
        const leaf = readable.get(column?.path_in_schema.join('.') ?? '')
        if (column !== undefined && leaf !== undefined && leaf.type !== 'other') {
          columns.set(leaf.path, columnOf(column, leaf.type, leaf.deepest))
        }
      }
      return { rowCount: wholeNumber(group.num_rows), columns }
    }),
    note: (key) => metadata.key_value_metadata?.find((entry) => entry.key === key)?.value ?? null,
  }
}

function leavesOf(tree: SchemaTree, depth: number, isRepeated: boolean): ParquetLeaf[] {
  return tree.children.flatMap((child) => {
    const { repetition_type: repetition, type } = child.element
    const deepest = depth + (repetition === 'REQUIRED' ? 0 : 1)
    const repeats = isRepeated || repetition === 'REPEATED'
    if (child.children.length > 0) return leavesOf(child, deepest, repeats)
    return [{ path: child.path.join('.'), type: typeOf(type), deepest, isRepeated: repeats }]
  })
}

type ColumnMetaData = NonNullable<FileMetaData['row_groups'][number]['columns'][number]['meta_data']>

function columnOf(metadata: ColumnMetaData, type: ParquetColumn['type'], deepest: number): ParquetColumn {
  const data = wholeNumber(metadata.data_page_offset)
  const dictionary = wholeNumber(metadata.dictionary_page_offset ?? 0n)
  const offset = dictionary > 0 && dictionary < data ? dictionary : data
  return { offset, bytes: wholeNumber(metadata.total_compressed_size), codec: metadata.codec, type, deepest }
}

function typeOf(type: string | undefined): ParquetLeaf['type'] {
  return type === 'BYTE_ARRAY' || type === 'INT32' || type === 'INT64' ? type : 'other'
}

function wholeNumber(value: bigint): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`a size of ${value}`)
  return number
}

function damaged(file: string, found: string, cause?: unknown): RepriseError {
  return new RepriseError(
    {
      code: 'data-format',
      message: `${file} has a damaged footer`,
      expected: 'the schema and row groups of a Parquet file',
      found,
      fix: 'Get the file again from its source.',
    },
    { cause },
  )
}
