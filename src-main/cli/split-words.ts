// A way to split a data set as words for a terminal.
import type { SplitRecipe } from '../shared/dataset-views.ts'

const percent = (share: number) => `${Number((100 * share).toFixed(2))} %`

/** One sentence. */
export function splitWords(split: SplitRecipe): string {
  const held = split.valShare > 0 ? `, ${percent(split.valShare)} held out of training for validation` : ''
  const seeded = ` (seed ${split.seed})`
  switch (split.kind) {
    case 'given':
      return split.valShare > 0 ? `as the source sets it${held}${seeded}.` : 'as the source sets it.'
    case 'ratio':
      return `${percent(split.testShare)} for the test${split.stratified ? ', class by class' : ''}${held}${seeded}.`
    case 'group': {
      const groups = split.expression === null ? 'whole folders' : `whole groups by ${split.expression}`
      return `${percent(split.testShare)} for the test, ${groups}${held}${seeded}.`
    }
    case 'k-fold': {
      const classes = split.stratified ? ', class by class' : ''
      return `fold ${split.fold + 1} of ${split.folds} for the test${classes}${held}${seeded}.`
    }
  }
}
