// TFRecord files of tf.train.Example, as TensorFlow's scripts for ImageNet and TF-Slim write them (image/encoded,
// image/class/label, image/class/text) and as TensorFlow Datasets does (image, label).

import { type ExampleFeature, readExample } from '../../formats/tf-example.ts'
import { dataHolds, matchTfRecord, tfRecords } from '../../formats/tfrecord.ts'
import { throwIfCancelled } from '../cancellation.ts'
import { eventLoopBreaks } from '../event-loop-breaks.ts'
import { displayName } from './escaped-names.ts'
import type { FileTree, PictureLocation, TreeFile } from './file-tree.ts'
import { classesOfLabels, type LabelValue, labelValue } from './label-values.ts'
import { inWords } from './labelled-folders.ts'
import type { LocatedBytes } from './located-bytes.ts'
import type { DataReader, DetectedFiles, FoundPicture, SourceProblem } from './reader.ts'
import { damageInWords, openShard, partOfShard, shardsOf } from './shards.ts'

interface Layout {
  picture: string
  /** A number, or a word where there are none. */
  label: string
  /** The class in words, beside a number. */
  text: string | null
}

const layouts: readonly Layout[] = [
  { picture: 'image/encoded', label: 'image/class/label', text: 'image/class/text' },
  { picture: 'image/encoded', label: 'image/class/text', text: null },
  { picture: 'image', label: 'label', text: null },
]

interface RecordFound {
  shard: TreeFile
  /** From 0, in its file. */
  index: number
  picture: { offset: number; bytes: number } | null
  label: LabelValue | null
  text: string | null
  locate(offset: number, length: number): PictureLocation
  /** Whether the checksum of the data holds. */
  isSound(): boolean
}

const picturesPerChunk = 1000
const sampledAtDetection = 1000
const shardsTried = 3
const mostTextBytes = 1000

export const tfrecord: DataReader = {
  name: 'tfrecord',
  detect: async (tree) => {
    const shards = await shardsOf(tree, ({ path }) => /(tfrecords?|\.records?|-\d{5}-of-\d{5})$/i.test(path))
    // The first shards may be damaged.
    for (const shard of shards.slice(0, shardsTried)) {
      const found = lookAt(tree, shard)
      if (found !== null) return detected(tree, shards, found.layout, found.countsFromOne)
    }
    return null
  },
}

/** What the first records hold, and whether their labels seem to count from 1. */
function lookAt(tree: FileTree, shard: TreeFile): { layout: Layout; countsFromOne: boolean } | null {
  const bytes = openShard(tree, shard)
  const labels = new Set<LabelValue>()
  let layout: Layout | null = null
  try {
    if (!matchTfRecord(bytes.read(0, Math.min(12, bytes.bytes)))) return null
    layout = layoutOf(bytes, shard.path)
    if (layout === null) return null
    let sampled = 0
    for (const { label } of recordsOf(bytes, shard, layout)) {
      if (label !== null) labels.add(label)
      if (++sampled === sampledAtDetection) break
    }
  } catch (error) {
    damageInWords(error)
  } finally {
    bytes.close()
  }
  return layout === null ? null : { layout, countsFromOne: labels.has(1) && !labels.has(0) }
}

/** That of the first record; null when it has no picture with a label. */
function layoutOf(bytes: LocatedBytes, file: string): Layout | null {
  const record = tfRecords(bytes.read, bytes.bytes, displayName(file)).next().value
  if (record === undefined) return null
  const features = readExample(bytes.read, record.offset, record.bytes)
  const holds = (name: string | null) => {
    const feature = features.get(name ?? '')
    return feature !== undefined && feature.bytes.length + feature.numbers.length > 0
  }
  return layouts.find(({ picture, label }) => holds(picture) && holds(label)) ?? null
}

function detected(tree: FileTree, shards: readonly TreeFile[], layout: Layout, countsFromOne: boolean): DetectedFiles {
  const classes: string[] = []
  const files = shards.length === 1 ? '1 file' : `${inWords(shards.length)} files`
  const numbering = countsFromOne
    ? ' Labels count from 1 and 0 does not occur, as in the ImageNet files of TensorFlow: the first class is 1.'
    : ''
  return {
    reader: 'tfrecord',
    label: tree.name,
    reason: `${files} of TFRecord whose examples hold ${layout.picture} and ${layout.label}.${numbering}`,
    storage: 'files',
    classes,
    total: null,
    async *pictures({ signal, onProblem }) {
      const breaks = eventLoopBreaks()
      // Once for the classes: whether labels count from 0 or from 1 is known when all have been seen.
      const texts = new Map<LabelValue, string>()
      const values = new Set<LabelValue>()
      for await (const { label, text } of recordsOfAll(tree, shards, layout, signal, breaks, () => {})) {
        if (label === null) continue
        values.add(label)
        if (text !== null && !texts.has(label)) texts.set(label, text)
      }
      // A name that two classes share tells nothing.
      const areNames = new Set(texts.values()).size === values.size
      const { classes: found, labelOf } = classesOfLabels(values, areNames ? texts : new Map())
      classes.splice(0, classes.length, ...found)

      let chunk: FoundPicture[] = []
      for await (const record of recordsOfAll(tree, shards, layout, signal, breaks, onProblem)) {
        const name = `${record.shard.path}, record ${record.index}`
        if (!record.isSound()) onProblem({ name, reason: 'The checksum of the record does not hold' })
        else if (record.picture === null) onProblem({ name, reason: `A record without ${layout.picture}` })
        else if (record.label === null) onProblem({ name, reason: `A record without ${layout.label}` })
        else {
          const { offset, bytes } = record.picture
          const label = labelOf(record.label)
          const part = partOfShard(record.shard.path)
          chunk.push({ name, location: record.locate(offset, bytes), bytes, label, part, group: '' })
        }
        if (chunk.length < picturesPerChunk) continue
        yield chunk
        chunk = []
      }
      if (chunk.length > 0) yield chunk
    },
  }
}

/** The records of all files in their order; what follows damage in a file is told and left out. */
async function* recordsOfAll(
  tree: FileTree,
  shards: readonly TreeFile[],
  layout: Layout,
  signal: AbortSignal,
  breaks: () => Promise<void>,
  onProblem: (problem: SourceProblem) => void,
): AsyncGenerator<RecordFound> {
  for (const shard of shards) {
    const bytes = openShard(tree, shard)
    try {
      const records = recordsOf(bytes, shard, layout)
      for (;;) {
        throwIfCancelled(signal)
        await breaks()
        let next: IteratorResult<RecordFound>
        try {
          next = records.next()
        } catch (error) {
          onProblem({ name: shard.path, reason: damageInWords(error) })
          break
        }
        if (next.done === true) break
        yield next.value
      }
    } finally {
      bytes.close()
    }
  }
}

/** The records of one file, those that are no Example without picture and label. Throws as `tfRecords`. */
function* recordsOf(bytes: LocatedBytes, shard: TreeFile, layout: Layout): Generator<RecordFound> {
  let index = 0
  for (const record of tfRecords(bytes.read, bytes.bytes, displayName(shard.path))) {
    let features = new Map<string, ExampleFeature>()
    try {
      features = readExample(bytes.read, record.offset, record.bytes)
    } catch (error) {
      damageInWords(error)
    }
    const textOf = (name: string | null) => {
      const place = features.get(name ?? '')?.bytes[0]
      if (place === undefined || place.bytes > mostTextBytes) return null
      return new TextDecoder().decode(bytes.read(place.offset, place.bytes))
    }
    yield {
      shard,
      index: index++,
      picture: features.get(layout.picture)?.bytes[0] ?? null,
      label: labelValue(features.get(layout.label)?.numbers[0] ?? textOf(layout.label)),
      text: textOf(layout.text),
      locate: bytes.locate,
      isSound: () => dataHolds(bytes.read, record),
    }
  }
}
