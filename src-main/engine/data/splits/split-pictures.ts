// From a recipe to the part of every picture. Pure and seeded: the same recipe and pictures give the same parts.
import type { Part, SplitRecipe } from '../../../shared/dataset-views.ts'
import { RepriseError } from '../../../shared/errors.ts'
import { drawShare, foldOf, strataOf } from './draw-places.ts'
import { groupsNear } from './group-choice.ts'

/** What splits go by, in the order of the source. */
export interface SplitSource {
  labels: ArrayLike<number>
  /** As the source sets them apart. */
  given: readonly (Part | null)[]
  /** Which group each picture belongs to, numbered from 0; asked for by recipes of kind `group` alone. */
  groups: () => ArrayLike<number>
}

/** Sets of draws of one seed that have nothing to do with each other. */
const draws = { test: 0, val: 1 } as const

/**
 * The part of each picture; null where the recipe takes it for none. Shares of `ratio` and `group` are of all pictures, those
 * of `given` and `k-fold` of what is left to train on.
 * Throws `config-out-of-range` where the source cannot be split so: no given parts, fewer groups than parts, fewer pictures
 * than folds, or nothing left to train or test with.
 */
export function splitPictures(recipe: SplitRecipe, source: SplitSource): (Part | null)[] {
  const parts = partsOf(recipe, source)
  const found = new Set(parts)
  for (const part of ['train', 'test'] as const) {
    if (!found.has(part)) throw emptyPart(part, source.given.length)
  }
  return parts
}

function partsOf(recipe: SplitRecipe, source: SplitSource): (Part | null)[] {
  switch (recipe.kind) {
    case 'given': {
      const parts = givenParts(source.given)
      return holdOut(parts, source, { ...recipe, stratified: true }, 'of-train')
    }
    case 'ratio': {
      const all = placesOf(source.given, () => true)
      const parts: Part[] = source.given.map(() => 'train')
      const strata = strataOf(all, recipe.stratified ? source.labels : null)
      mark(parts, drawShare(strata, recipe.testShare, recipe.seed, draws.test), 'test')
      return holdOut(parts, source, recipe, 'of-all')
    }
    case 'k-fold': {
      const { folds, fold, seed, stratified } = recipe
      if (folds > source.given.length) throw tooFew('pictures', folds, source.given.length)
      const strata = strataOf(
        placesOf(source.given, () => true),
        stratified ? source.labels : null,
      )
      const inFold = foldOf(strata, folds, seed, source.given.length)
      const parts = Array.from(inFold, (own): Part => (own === fold ? 'test' : 'train'))
      return holdOut(parts, source, recipe, 'of-train')
    }
    case 'group':
      return groupParts(recipe, source)
  }
}

/** As the source has them; where it names no test pictures, those it names for validation are tested on, as in ImageNet. */
function givenParts(given: readonly (Part | null)[]): (Part | null)[] {
  if (given.includes('test')) return [...given]
  if (given.includes('val')) return given.map((part) => (part === 'val' ? 'test' : part))
  throw new RepriseError({
    code: 'config-out-of-range',
    message: 'The source sets no test pictures apart.',
    expected: 'a test or validation part in the source',
    found: 'none',
    fix: 'Split by a share, by groups or into folds.',
  })
}

/** Moves a share of the training pictures to validation. */
function holdOut(
  parts: (Part | null)[],
  { labels }: SplitSource,
  { valShare, seed, stratified }: { valShare: number; seed: number; stratified: boolean },
  share: 'of-all' | 'of-train',
): (Part | null)[] {
  if (valShare === 0) return parts
  const places = placesOf(parts, (part) => part === 'train')
  const strata = strataOf(places, stratified ? labels : null)
  const whole =
    share === 'of-all'
      ? strataOf(
          placesOf(parts, () => true),
          stratified ? labels : null,
        )
      : strata
  mark(parts, drawShare(strata, valShare, seed, draws.val, whole), 'val')
  return parts
}

function groupParts(
  { testShare, valShare, seed }: Extract<SplitRecipe, { kind: 'group' }>,
  source: SplitSource,
): Part[] {
  const groups = source.groups()
  const sizes: number[] = []
  for (let i = 0; i < groups.length; i++) sizes[groups[i] ?? 0] = (sizes[groups[i] ?? 0] ?? 0) + 1
  const needed = valShare > 0 ? 3 : 2
  if (sizes.length < needed) throw tooFew('groups', needed, sizes.length)
  const all = sizes.map((_, group) => group)
  // One group at least stays for each part that comes after.
  const test = new Set(groupsNear(sizes, all, testShare * groups.length, seed, draws.test, needed - 1))
  const rest = all.filter((group) => !test.has(group))
  const val = new Set(valShare > 0 ? groupsNear(sizes, rest, valShare * groups.length, seed, draws.val, 1) : [])
  return source.given.map((_, i) => {
    const group = groups[i] ?? 0
    return test.has(group) ? 'test' : val.has(group) ? 'val' : 'train'
  })
}

function placesOf(parts: readonly (Part | null)[], wanted: (part: Part | null) => boolean): Uint32Array {
  const places = new Uint32Array(parts.length)
  let count = 0
  for (const [i, part] of parts.entries()) if (wanted(part)) places[count++] = i
  return places.slice(0, count)
}

function mark(parts: (Part | null)[], places: Iterable<number>, part: Part): void {
  for (const place of places) parts[place] = part
}

function tooFew(what: string, expected: number, found: number): RepriseError {
  return new RepriseError({
    code: 'config-out-of-range',
    message: `There are too few ${what} for this split.`,
    expected: `at least ${expected} ${what}`,
    found: String(found),
    fix: 'Choose another split.',
  })
}

function emptyPart(part: Part, pictures: number): RepriseError {
  return new RepriseError({
    code: 'config-out-of-range',
    message: `This split leaves no pictures to ${part} with.`,
    expected: `at least one of ${pictures} pictures`,
    found: '0',
    fix: 'Choose other shares, or another kind of split.',
  })
}
