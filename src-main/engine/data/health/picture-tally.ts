// Counts over the pictures of a data set, one after the other, from which findings and histograms follow.
import type { FindingKind, Histogram, Part, PictureExamination } from '../../../shared/dataset-views.ts'
import { promisedFormat } from '../../formats/picture-format.ts'
import { isOversized } from './examine-picture.ts'

/** Said of a picture whose file is not there. */
export const missingFile = 'there is no such file'

export interface TalliedPicture {
  picture: number
  name: string
  label: number
  part: Part | null
  examination: PictureExamination | null
}

/** Findings about single pictures. */
export type PictureKind = Extract<
  FindingKind,
  | 'unreadable'
  | 'missing-file'
  | 'wrong-extension'
  | 'oversized'
  | 'cmyk'
  | 'deep'
  | 'alpha'
  | 'animated'
  | 'turned'
  | 'grey-among-colour'
  | 'tiny'
  | 'huge'
>

export interface PictureTally {
  pictures: number
  readable: number
  /** Numbers of the pictures of each kind, in the order of the source. */
  found: Record<PictureKind, number[]>
  /** Why pictures cannot be read, and how often. */
  problems: Map<string, number>
  /** "width x height" of readable pictures. */
  sizes: Map<string, number>
  mostPixels: number
  leastPixels: number
  /** Pictures of every class by part. */
  classes: Record<Part, Uint32Array>
  shorterSides: Histogram
  aspects: Histogram
  /** Common to all readable pictures, else null. */
  format: string | null
}

/** A shorter side below it is tiny where the others are at least twice as large; a longer side or area above is huge. */
const tinySide = 32
const hugeSide = 8192
const hugePixels = 25_000_000
/** Kept apart; more sizes than these are counted as one. */
const mostSizes = 100_000

const sideEdges = [0, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 4096, 8192]
const aspectEdges = [0, 0.25, 0.5, 0.67, 0.8, 0.95, 1.05, 1.25, 1.5, 2, 4]

/** Adds up; `result` may be asked for once all pictures are in. */
export function createPictureTally(classes: number) {
  const found = emptyMembers()
  const problems = new Map<string, number>()
  const sizes = new Map<string, number>()
  const shorterSides = createHistogram(sideEdges)
  const aspects = createHistogram(aspectEdges)
  const formats = new Set<string | null>()
  const perClass = (): Uint32Array => new Uint32Array(classes)
  const counts: Record<Part, Uint32Array> = { train: perClass(), val: perClass(), test: perClass() }
  const small: number[] = []
  let [pictures, readable, grey, mostPixels, leastPixels] = [0, 0, 0, 0, Number.POSITIVE_INFINITY]

  const addReadable = (picture: number, examination: PictureExamination) => {
    const { width, height, mode, depth, alpha, frames, orientation, format } = examination
    readable += 1
    formats.add(format)
    const size = `${width} x ${height}`
    if (sizes.has(size) || sizes.size < mostSizes) sizes.set(size, (sizes.get(size) ?? 0) + 1)
    mostPixels = Math.max(mostPixels, width * height)
    leastPixels = Math.min(leastPixels, width * height)
    const [shorter, longer] = [Math.min(width, height), Math.max(width, height)]
    shorterSides.add(shorter)
    aspects.add(width / height)
    if (mode === 'cmyk') found.cmyk.push(picture)
    if (depth > 8) found.deep.push(picture)
    if (alpha) found.alpha.push(picture)
    if (frames > 1) found.animated.push(picture)
    // TIFF is read as its orientation says, as Pillow does.
    if (orientation > 1 && format !== 'tiff') found.turned.push(picture)
    if (mode === 'grey') {
      grey += 1
      found['grey-among-colour'].push(picture)
    }
    if (shorter < tinySide) small.push(picture)
    if (longer > hugeSide || width * height > hugePixels) found.huge.push(picture)
  }

  return {
    add: ({ picture, name, label, part, examination }: TalliedPicture) => {
      pictures += 1
      if (part !== null) counts[part][label] = (counts[part][label] ?? 0) + 1
      if (examination === null) return
      const { problem, format } = examination
      const promised = promisedFormat(name)
      if (format !== null && promised !== null && format !== promised) found['wrong-extension'].push(picture)
      if (problem === null) return addReadable(picture, examination)
      if (problem === missingFile) found['missing-file'].push(picture)
      else if (isOversized(examination)) found.oversized.push(picture)
      else found.unreadable.push(picture)
      problems.set(problem, (problems.get(problem) ?? 0) + 1)
    },
    result: (): PictureTally => {
      // Small beside the others: a data set of small pictures is none of tiny ones.
      if (shorterSides.median() >= 2 * tinySide) found.tiny = small
      if (grey === readable) found['grey-among-colour'] = []
      return {
        pictures,
        readable,
        found,
        problems,
        sizes,
        mostPixels,
        leastPixels: readable === 0 ? 0 : leastPixels,
        classes: counts,
        shorterSides: shorterSides.result(),
        aspects: aspects.result(),
        format: formats.size === 1 ? ([...formats][0] ?? null) : null,
      }
    },
  }
}

function emptyMembers(): Record<PictureKind, number[]> {
  return {
    unreadable: [],
    'missing-file': [],
    'wrong-extension': [],
    oversized: [],
    cmyk: [],
    deep: [],
    alpha: [],
    animated: [],
    turned: [],
    'grey-among-colour': [],
    tiny: [],
    huge: [],
  }
}

/** Counts between fixed edges; what lies beyond the last one widens the last bin. */
function createHistogram(edges: readonly number[]) {
  const counts = new Array<number>(edges.length).fill(0)
  let highest = 0
  return {
    add: (value: number) => {
      let bin = edges.length - 1
      while (value < (edges[bin] ?? 0)) bin -= 1
      counts[bin] = (counts[bin] ?? 0) + 1
      highest = Math.max(highest, value)
    },
    /** Lower edge of the bin that holds the middle value. */
    median: () => {
      let left = counts.reduce((sum, count) => sum + count, 0) / 2
      const bin = counts.findIndex((count) => {
        left -= count
        return left < 0
      })
      return edges[bin] ?? 0
    },
    /** Without empty bins at both ends. */
    result: (): Histogram => {
      const first = counts.findIndex((count) => count > 0)
      const last = counts.findLastIndex((count) => count > 0)
      if (first < 0) return { edges: [0, 1], counts: [0] }
      const end = edges[last + 1] ?? Math.ceil(highest + 1)
      return { edges: [...edges.slice(first, last + 1), end], counts: counts.slice(first, last + 1) }
    },
  }
}
