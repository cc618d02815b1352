// Parquet files as the Hugging Face hub keeps sets of pictures: a column of encoded pictures (struct of bytes and path, or bytes
// alone), a column of labels, and in the metadata `huggingface` the names of the classes (datasets, features/image.py).
// Newer files keep the pictures uncompressed, so each is a part of the file; in older ones a picture is read by unpacking its page.

import { RepriseError } from '../../../shared/errors.ts'
import { matchParquet, type ParquetFooter, readParquetFooter } from '../../formats/parquet-footer.ts'
import { columnValues, type PageReader, type PageValue, type ParquetColumn } from '../../formats/parquet-pages.ts'
import { throwIfCancelled } from '../cancellation.ts'
import { eventLoopBreaks } from '../event-loop-breaks.ts'
import { displayName } from './escaped-names.ts'
import type { FileTree, PagePacking, PictureLocation, TreeFile } from './file-tree.ts'
import { classesOfLabels, type LabelClasses, type LabelValue, labelValue } from './label-values.ts'
import { folderOf, inWords } from './labelled-folders.ts'
import type { LocatedBytes } from './located-bytes.ts'
import { type PictureColumns, pictureColumnsOf } from './parquet-columns.ts'
import type { DataReader, DetectedFiles, FoundPicture, SourceProblem } from './reader.ts'
import { damageInWords, openShard, partOfShard, shardsOf } from './shards.ts'
import { unpackPage } from './unpack-page.ts'

interface Row {
  /** From 0, in its file. */
  row: number
  picture: PageValue
  path: string | null
  label: LabelValue | null
}

const picturesPerChunk = 1000
const shardsTried = 3
/** Footers that are read only to say how many pictures there are. */
const mostFootersCounted = 200
const packings: Partial<Record<ParquetColumn['codec'], PagePacking>> = {
  SNAPPY: 'snappy',
  GZIP: 'gzip',
  ZSTD: 'zstd',
  BROTLI: 'brotli',
  LZ4: 'lz4',
  LZ4_RAW: 'lz4-raw',
}

export const parquet: DataReader = {
  name: 'parquet',
  detect: async (tree) => {
    const shards = await shardsOf(tree, ({ path }) => /\.parquet$/i.test(path))
    let damage: unknown = null
    // The first shards may be damaged; when all of them are, that is what there is to say.
    for (const shard of shards.slice(0, shardsTried)) {
      try {
        const footer = footerOf(tree, shard)
        const columns = footer === null ? null : pictureColumnsOf(footer)
        return columns === null ? null : detected(tree, shards, columns)
      } catch (error) {
        damage ??= error
      }
    }
    if (damage !== null) throw damage
    return null
  },
}

/** Null when the file is no Parquet. Throws when it is a damaged one. */
function footerOf(tree: FileTree, shard: TreeFile): ParquetFooter | null {
  const bytes = openShard(tree, shard)
  try {
    if (!matchParquet(bytes.read(0, Math.min(4, bytes.bytes)))) return null
    return readParquetFooter(bytes.read, bytes.bytes, displayName(shard.path))
  } finally {
    bytes.close()
  }
}

function detected(tree: FileTree, shards: readonly TreeFile[], columns: PictureColumns): DetectedFiles {
  const classes = [...(columns.names ?? [])]
  const files = shards.length === 1 ? '1 Parquet file' : `${inWords(shards.length)} Parquet files`
  const named = columns.names === null ? '' : ` with the names of ${inWords(columns.names.length)} classes`
  return {
    reader: 'parquet',
    label: tree.name,
    reason: `${files} with pictures in the column ${columns.picture} and labels in ${columns.label}${named}.`,
    storage: 'files',
    classes,
    total: totalRows(tree, shards),
    async *pictures({ signal, onProblem }) {
      const breaks = eventLoopBreaks()
      const { classes: found, labelOf } = await labelClasses(tree, shards, columns, signal, breaks)
      classes.splice(0, classes.length, ...found)
      for (const shard of shards) {
        const bytes = openShard(tree, shard)
        try {
          const rows = rowsOf(bytes, shard, columns, true)
          const chunks = picturesOf(rows, { tree, shard, bytes, labelOf, signal, onProblem, breaks })
          yield* chunks
        } finally {
          bytes.close()
        }
      }
    },
  }
}

function totalRows(tree: FileTree, shards: readonly TreeFile[]): number | null {
  if (shards.length > mostFootersCounted) return null
  try {
    return shards.reduce((sum, shard) => sum + (footerOf(tree, shard)?.rowCount ?? 0), 0)
  } catch (error) {
    damageInWords(error)
    return null
  }
}

/** Those that are named, or all that occur. */
async function labelClasses(
  tree: FileTree,
  shards: readonly TreeFile[],
  columns: PictureColumns,
  signal: AbortSignal,
  breaks: () => Promise<void>,
): Promise<Pick<LabelClasses, 'classes' | 'labelOf'>> {
  const { names } = columns
  if (names !== null) {
    const places = new Map(names.map((name, place) => [name, place]))
    const labelOf = (value: LabelValue) =>
      typeof value === 'number' ? (value < names.length ? value : -1) : (places.get(value) ?? -1)
    return { classes: names, labelOf }
  }
  const values = new Set<LabelValue>()
  for (const shard of shards) {
    const bytes = openShard(tree, shard)
    try {
      for (const { label } of rowsOf(bytes, shard, columns, false)) {
        if (label !== null) values.add(label)
        throwIfCancelled(signal)
        await breaks()
      }
    } catch (error) {
      // Told when the pictures are read.
      damageInWords(error)
    } finally {
      bytes.close()
    }
  }
  return classesOfLabels(values)
}

interface PictureOptions {
  tree: FileTree
  shard: TreeFile
  bytes: LocatedBytes
  labelOf(value: LabelValue): number
  signal: AbortSignal
  onProblem(problem: SourceProblem): void
  breaks(): Promise<void>
}

async function* picturesOf(rows: Generator<Row>, options: PictureOptions): AsyncGenerator<FoundPicture[]> {
  const { shard, labelOf, signal, onProblem, breaks } = options
  const part = partOfShard(shard.path)
  let chunk: FoundPicture[] = []
  let unlabelled = 0
  for (;;) {
    throwIfCancelled(signal)
    await breaks()
    let next: IteratorResult<Row>
    try {
      next = rows.next()
    } catch (error) {
      onProblem({ name: shard.path, reason: damageInWords(error) })
      break
    }
    if (next.done === true) break
    const { row, label: value } = next.value
    const label = value === null ? -1 : labelOf(value)
    if (label === -1) {
      unlabelled += 1
      continue
    }
    const name = `${shard.path}, row ${row}`
    const found = await placeOf(next.value, options)
    if (found === null) onProblem({ name, reason: 'A row without the bytes of a picture' })
    else chunk.push({ name, ...found, label, part, group: '' })
    if (chunk.length < picturesPerChunk) continue
    yield chunk
    chunk = []
  }
  // The test sets of the hub have the label -1 in every row, which is one thing to tell.
  if (unlabelled > 0) {
    const rowCount = unlabelled === 1 ? '1 row' : `${inWords(unlabelled)} rows`
    onProblem({ name: shard.path, reason: `${rowCount} without a label` })
  }
  if (chunk.length > 0) yield chunk
}

/** Where the picture of a row lies: in the file, or in one beside it where the row only names it. */
async function placeOf(
  { picture, path }: Row,
  { tree, shard, bytes }: PictureOptions,
): Promise<Pick<FoundPicture, 'location' | 'bytes'> | null> {
  if (picture !== null && typeof picture === 'object') {
    return { location: locationOf(picture, bytes), bytes: picture.length }
  }
  const folder = folderOf(shard.path)
  const file = path === null ? null : await tree.find(folder === '' ? path : `${folder}/${path}`)
  return file === null ? null : { location: file.location, bytes: file.bytes }
}

/** In an uncompressed page, the picture itself; else the least that can be unpacked alone. */
function locationOf(picture: Extract<PageValue, object>, bytes: LocatedBytes): PictureLocation {
  const { page, start, length } = picture
  const packing = page.codec === null ? null : packings[page.codec]
  if (packing === null || packing === undefined) return bytes.locate(page.offset + start, length)
  if (page.fragments === null) {
    const { path, offset } = bytes.locate(page.offset, page.bytes)
    return { kind: 'page', path, offset, bytes: page.bytes, packing, unpackedBytes: page.unpackedBytes, start, length }
  }
  const first = page.fragments.findLast((fragment) => fragment.start <= start)
  const last = page.fragments.find((fragment) => fragment.start >= start + length)
  if (first === undefined || last === undefined) throw new Error('a value outside of its page')
  const packedBytes = last.packedStart - first.packedStart
  const { path, offset } = bytes.locate(page.offset + first.packedStart, packedBytes)
  return {
    kind: 'page',
    path,
    offset,
    bytes: packedBytes,
    packing: 'snappy-elements',
    unpackedBytes: last.start - first.start,
    start: start - first.start,
    length,
  }
}

/** The rows of one file, one row group after the other. Throws `data-format` at damage. */
function* rowsOf(bytes: LocatedBytes, shard: TreeFile, columns: PictureColumns, withPictures: boolean): Generator<Row> {
  const file = displayName(shard.path)
  const footer = readParquetFooter(bytes.read, bytes.bytes, file)
  const reader: PageReader = {
    read: bytes.read,
    unpack: (packed, codec, size) => {
      const packing = packings[codec]
      if (packing === undefined) throw new Error(`compression by ${codec}, which is not supported`)
      return unpackPage(packed, packing, size)
    },
  }
  let row = 0
  for (const group of footer.rowGroups) {
    const column = (path: string) => {
      const found = group.columns.get(path)
      if (found === undefined) throw withoutColumn(file, path)
      return columnValues(reader, found, file)
    }
    const labels = [...column(columns.label)].flat().map(labelOf)
    const paths = withPictures && columns.path !== null ? [...column(columns.path)].flat().map(textOf) : []
    if (!withPictures) {
      for (const label of labels) yield { row: row++, picture: null, path: null, label }
      continue
    }
    let inGroup = 0
    for (const values of column(columns.picture)) {
      for (const picture of values) {
        yield { row: row++, picture, path: paths[inGroup] ?? null, label: labels[inGroup] ?? null }
        inGroup += 1
      }
    }
  }
}

function textOf(value: PageValue): string | null {
  return value !== null && typeof value === 'object' ? new TextDecoder().decode(value.bytes) : null
}

function labelOf(value: PageValue): LabelValue | null {
  return labelValue(typeof value === 'number' ? value : textOf(value))
}

function withoutColumn(file: string, path: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} has no column ${path}`,
    expected: 'the columns of the first file',
    fix: 'Keep files of one data set in one folder.',
  })
}
