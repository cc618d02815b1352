// What training needs of the pictures of one part of a data set, kept small: 1.3 million rows in about 100 MB.
import type { PictureLocation, PixelsLocation } from './readers/file-tree.ts'

/** A row as the index of a data set gives it. */
export interface PartRow {
  /** Its number in the index. */
  picture: number
  name: string
  label: number
  location: PictureLocation | PixelsLocation
  /** Why a check could not read it; null where it could, or did not look. */
  problem: string | null
}

/** The rows of one part, in the order of the source; pictures that the user left out are none of them. */
export interface PartColumns {
  count: number
  /** [count] */
  labels: Uint16Array
  /** [count], numbers in the index. */
  pictures: Uint32Array
  location(i: number): PictureLocation | PixelsLocation
  /** Rows that a check could not read. */
  broken: { place: number; name: string; reason: string }[]
}

export interface PartColumnsBuilder {
  add(row: PartRow): void
  build(): PartColumns
}

/**
 * A location is its text and its numbers: for files the path, for everything else what is alike in many rows (kind, archive,
 * packing), stored once, with the numbers of all rows in one list.
 */
export function createPartColumns(): PartColumnsBuilder {
  const [labels, pictures]: [number[], number[]] = [[], []]
  const broken: PartColumns['broken'] = []
  const locations = createLocationColumn()
  return {
    add({ picture, name, label, location, problem }) {
      if (problem !== null) broken.push({ place: labels.length, name, reason: problem })
      labels.push(label)
      pictures.push(picture)
      locations.add(location)
    },
    build: () => ({
      count: labels.length,
      labels: Uint16Array.from(labels),
      pictures: Uint32Array.from(pictures),
      location: locations.at,
      broken,
    }),
  }
}

function createLocationColumn() {
  const paths = createTextColumn()
  const templates: Record<string, string>[] = []
  const known = new Map<string, number>()
  /** Row by row: the template; -1 for a file, whose path is in `paths`. */
  const template: number[] = []
  /** Row by row: the first of its numbers, or the place of its path. */
  const first: number[] = []
  const numbers: number[] = []
  return {
    add(location: PictureLocation | PixelsLocation) {
      if (location.kind === 'file') {
        template.push(-1)
        first.push(paths.add(location.path))
        return
      }
      const key = location.kind === 'pixels' ? location.set : `${location.kind} ${location.packing} ${location.path}`
      let at = known.get(key)
      if (at === undefined) {
        at = templates.length
        known.set(key, at)
        templates.push(Object.fromEntries(Object.entries(location).filter(([, value]) => typeof value === 'string')))
      }
      template.push(at)
      first.push(numbers.length)
      const values = location as Partial<Record<string, unknown>>
      for (const name of numbersOf[location.kind]) numbers.push(values[name] as number)
    },
    at(i: number): PictureLocation | PixelsLocation {
      const start = first[i] as number
      const texts = templates[template[i] as number]
      if (!texts) return { kind: 'file', path: paths.at(start) }
      const names = numbersOf[texts.kind as keyof typeof numbersOf]
      const own = names.map((name, k) => [name, numbers[start + k] as number])
      return { ...texts, ...Object.fromEntries(own) } as PictureLocation | PixelsLocation
    },
  }
}

const numbersOf = {
  part: ['offset', 'bytes', 'unpackedBytes'],
  page: ['offset', 'bytes', 'unpackedBytes', 'start', 'length'],
  pixels: ['index'],
} as const

/** Texts as one block of UTF-8: strings would take a hundred bytes each. */
function createTextColumn() {
  let block = Buffer.alloc(2 ** 16)
  const ends: number[] = []
  return {
    /** Returns the place of the text. */
    add(text: string): number {
      const start = ends.at(-1) ?? 0
      const bytes = Buffer.byteLength(text)
      if (start + bytes > block.length) {
        const larger = Buffer.alloc(Math.max(2 * block.length, start + bytes))
        block.copy(larger)
        block = larger
      }
      block.write(text, start)
      return ends.push(start + bytes) - 1
    },
    at: (place: number) => block.toString('utf8', place === 0 ? 0 : ends[place - 1], ends[place]),
  }
}

/** The first `limit` rows; 0 takes all. */
export function firstRows(columns: PartColumns, limit: number): PartColumns {
  if (limit === 0 || limit >= columns.count) return columns
  return {
    ...columns,
    count: limit,
    labels: columns.labels.slice(0, limit),
    pictures: columns.pictures.slice(0, limit),
    broken: columns.broken.filter(({ place }) => place < limit),
  }
}

/** Without the rows that a check could not read. */
export function soundRows(columns: PartColumns): PartColumns {
  if (columns.broken.length === 0) return columns
  const unsound = new Set(columns.broken.map(({ place }) => place))
  const places = Uint32Array.from({ length: columns.count }, (_, place) => place).filter((place) => !unsound.has(place))
  return {
    count: places.length,
    labels: Uint16Array.from(places, (place) => columns.labels[place] as number),
    pictures: places.map((place) => columns.pictures[place] as number),
    location: (i) => columns.location(places[i] as number),
    broken: [],
  }
}
