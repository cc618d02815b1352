// The pictures of raw pixels in an index, so that they can be looked at, checked and split like files.

import type { ImageSet, NamedPixels } from '../engine/data/dataset.ts'
import type { GrowingIndex, NewPicture } from '../picture-index/types.ts'

const chunkPictures = 8192
const sets = ['train', 'test'] as const

/** Adds them in the order of the source; unnamed ones are numbered, training pictures first. */
export function indexPixels(
  index: GrowingIndex,
  source: { train: Pick<ImageSet, 'labels' | 'count'>; test: Pick<ImageSet, 'labels' | 'count'> },
  pictures: Iterable<NamedPixels> | null,
): void {
  let chunk: NewPicture[] = []
  for (const { name, group, given, set, index: at } of pictures ?? numbered(source)) {
    chunk.push({
      name,
      group,
      part: given,
      label: source[set].labels[at] ?? 0,
      bytes: 0,
      location: { kind: 'pixels', set, index: at },
    })
    if (chunk.length < chunkPictures) continue
    index.add(chunk)
    chunk = []
  }
  index.add(chunk)
}

function* numbered(source: { train: { count: number }; test: { count: number } }): Generator<NamedPixels> {
  for (const set of sets) {
    for (let i = 0; i < source[set].count; i++) yield { name: `${set}/${i}`, group: set, given: set, set, index: i }
  }
}
