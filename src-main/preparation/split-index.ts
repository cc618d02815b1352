// Gives every picture of an index its part.

import { createGrouping } from '../engine/data/splits/grouping.ts'
import { splitPictures } from '../engine/data/splits/split-pictures.ts'
import type { PictureIndex } from '../picture-index/types.ts'
import type { Part, SplitRecipe } from '../shared/dataset-views.ts'

const chunkPictures = 8192

/** The split of a source that the user has not chosen yet: its own parts, or a fifth of each class to test with. */
export function defaultSplit(given: Iterable<Part | null>): SplitRecipe {
  for (const part of given) {
    if (part === 'test' || part === 'val') return { kind: 'given', valShare: 0, seed: 1 }
  }
  return { kind: 'ratio', testShare: 0.2, valShare: 0, seed: 1, stratified: true }
}

/**
 * Follows a recipe for the pictures of the index; null stands for the default one. Pictures that are left out are split with
 * the others, so that taking them back moves nobody. Returns the recipe.
 * Throws `config-out-of-range` where the pictures cannot be split so; the index is unchanged then.
 */
export function splitIndex(index: PictureIndex, wanted: SplitRecipe | null): SplitRecipe {
  const labels = new Uint16Array(index.count())
  const given: (Part | null)[] = []
  const grouping = wanted?.kind === 'group' ? createGrouping(wanted.expression) : null
  for (const chunk of index.scan(chunkPictures)) {
    for (const picture of chunk) {
      labels[picture.picture] = picture.label
      given.push(picture.given)
    }
    grouping?.add(chunk)
  }
  const recipe = wanted ?? defaultSplit(given)
  const groups = () => grouping?.groups() ?? new Uint32Array()
  index.setParts(splitPictures(recipe, { labels, given, groups }))
  return recipe
}
