// Data sets in full, as windows and the command line see them: parts, health, pictures.
import type { ErrorReport } from './errors.ts'
import type { BoxRule, ReaderName } from './registry/readers.ts'
import type { BenchmarkBy } from './worker-protocol.ts'

export type Part = 'train' | 'val' | 'test'

/** How pictures come to their parts; seeded, so that it can be repeated. */
export type SplitRecipe =
  /** As the source sets them apart; `valShare` of train is held out. */
  | { kind: 'given'; valShare: number; seed: number }
  | { kind: 'ratio'; testShare: number; valShare: number; seed: number; stratified: boolean }
  /** Whole groups go to one part: a picture's folder, or what the expression's first bracket finds in its name. */
  | { kind: 'group'; testShare: number; valShare: number; seed: number; expression: string | null }
  /** `fold` of `folds` is the test part. */
  | { kind: 'k-fold'; folds: number; fold: number; valShare: number; seed: number; stratified: boolean }

/** What decoding a picture showed. */
export interface PictureExamination {
  /** The file's real format by its content, such as jpeg; null where it is none. */
  format: string | null
  /** As stored, before any turning. */
  width: number
  height: number
  mode: 'rgb' | 'grey' | 'cmyk' | 'palette' | 'other'
  /** Bits of a channel. */
  depth: number
  alpha: boolean
  frames: number
  /** EXIF, 1 to 8. */
  orientation: number
  /** Why it cannot be read; null for a sound picture. */
  problem: string | null
}

export const findingKinds = [
  'unreadable', // empty, truncated or damaged files
  'wrong-extension',
  'oversized', // refused before decoding
  'cmyk',
  'deep', // 16 bits a channel
  'alpha',
  'animated',
  'turned', // EXIF orientation 2 to 8
  'grey-among-colour',
  'tiny',
  'huge',
  'mixed-sizes',
  'imbalance',
  'empty-class',
  'one-part-class', // labels in one part only
  'leak', // exact copies across train and test
  'near-leak',
  'copies', // exact copies within a part
  'near-copies',
  'label-conflict', // twins with different labels
  'missing-file', // listed, but not there
  'benchmark-differs',
  'statistics', // channel mean and std beside those of the recipe's paper
] as const

export type FindingKind = (typeof findingKinds)[number]
export type Severity = 'problem' | 'warning' | 'hint' | 'passed'

export interface Finding {
  kind: FindingKind
  severity: Severity
  /** Pictures, classes or pairs that it is about. */
  count: number
  /** Of those, left out by the user. */
  excluded: number
  /** Figures for its sentence, which the language files hold. */
  values: Record<string, string | number>
  /** True where its pictures can be listed. */
  listed: boolean
  /** True where leaving its pictures out is a sensible repair. */
  excludable: boolean
}

/** True when all pictures of a finding are left out, so that it does no harm any more. */
export function isRepaired({ excludable, excluded, count }: Finding): boolean {
  return excludable && count > 0 && excluded >= count
}

export interface Histogram {
  /** Edges of the bins, one more than counts. */
  edges: number[]
  counts: number[]
}

export interface HealthReport {
  checkedAt: number
  seconds: number
  pictures: number
  findings: Finding[]
  /** Shorter side in pixels; width divided by height. */
  sizes: Histogram
  aspects: Histogram
  /** Per channel, on 0..1 pixels of the training part. */
  mean: number[]
  std: number[]
}

/** What a path turned out to be, before it is added. */
export interface SourceLook {
  path: string
  reader: ReaderName
  label: string
  reason: string
  storage: 'files' | 'pixels'
  classes: string[]
  total: number | null
  /** True where boxes must be turned into classes by a rule. */
  needsBoxRule: boolean
}

export interface ClassCount {
  name: string
  train: number
  val: number
  test: number
  excluded: number
}

/** How far a check of a data set is. */
export interface Checking {
  text: string
  done: number
  total: number
  /** From the rate so far; null while there is none to go by. */
  secondsLeft: number | null
}

/** One data set in full. */
export interface DatasetOverview {
  id: string
  label: string
  path: string | null
  storage: 'files' | 'pixels'
  reader: ReaderName | null
  reason: string
  pictures: number
  bytes: number
  classes: ClassCount[]
  split: SplitRecipe
  fingerprint: string
  excluded: number
  /** The benchmark it looks like, and how many of its pictures are those of the benchmark; null counts are not known. */
  benchmark: { id: string; label: string; train: MatchCount; test: MatchCount; exact: boolean } | null
  /** The benchmark whose test pictures those of the test part are now, and by what they were recognised. */
  benchmarkTest: { label: string; by: BenchmarkBy } | null
  health: HealthReport | null
  /** A check that is under way. */
  checking: Checking | null
  checkError: ErrorReport | null
  /**
   * Runs that use it now. What is left out or split anew gives the data set another fingerprint: a run that trains keeps what it
   * has read, a run that waits will read the change.
   */
  usedBy: { id: string; name: string; trains: boolean }[]
}

export interface MatchCount {
  matching: number | null
  found: number
  expected: number
}

export interface PictureFilter {
  part?: Part | undefined
  /** Place in classes. */
  label?: number | undefined
  finding?: FindingKind | undefined
  excluded?: boolean | undefined
  /** A piece of the name. */
  text?: string | undefined
}

export interface PictureItem {
  picture: number
  name: string
  label: number
  part: Part | null
  bytes: number
  width: number
  height: number
  format: string | null
  problem: string | null
  excluded: boolean
  /** In findings about pairs: the other picture, and how alike they are (0 to 1). */
  twin: { picture: number; name: string; label: number; part: Part | null; score: number } | null
}

export interface PicturePage {
  total: number
  items: PictureItem[]
}

/** A user's folder or file that shall become a data set. */
export interface AddDatasetInput {
  path: string
  id?: string | undefined
  brokenPictures?: 'refuse' | 'skip' | undefined
  boxRule?: BoxRule | undefined
  /** Decode every picture to one size and keep the pixels; 0 or absent keeps files where they are. */
  fit?: number | undefined
}

/** Pictures to leave out of a data set, or to take back: those of a finding, or by number. */
export interface ExcludeInput {
  id: string
  finding?: FindingKind | undefined
  pictures?: number[] | undefined
  excluded: boolean
}

/** A batch of a run that is planned, as the network will get it. */
export interface PreviewInputs {
  /** The step asked for, or the last one of the run. */
  step: number
  totalSteps: number
  /** Counted from 0. */
  epoch: number
  /** Of an input, in pixels. */
  height: number
  width: number
  /** What the pictures of this batch are mixed by. */
  mixing: 'none' | 'mixup' | 'cutmix'
  /** The first ones of the batch. */
  inputs: PreviewInput[]
}

export interface PreviewInput {
  /** Number of the original in its data set. */
  picture: number
  name: string
  label: number
  /** The input without its normalisation, as the address of a PNG: data:image/png;base64,... */
  image: string
  /** Classes that the loss asks for, by their share, highest first; what label smoothing gives to all classes alike is left out. */
  targets: { label: number; className: string; share: number }[]
  /** Why the picture cannot be read; null for a sound one. */
  problem: string | null
}
