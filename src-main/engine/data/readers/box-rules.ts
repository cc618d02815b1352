// Pictures with several boxes as pictures of one class.
import type { BoxRule } from '../../../shared/registry/readers.ts'

/** Boxes of one picture by the name of their class. */
export type Boxes = Map<string, { count: number; largest: number; area: number }>

/** Adds a box. Areas that are no numbers count as 0. */
export function addBox(boxes: Boxes, name: string, area: number): void {
  const known = boxes.get(name) ?? { count: 0, largest: 0, area: 0 }
  const sound = Number.isFinite(area) && area > 0 ? area : 0
  boxes.set(name, { count: known.count + 1, largest: Math.max(known.largest, sound), area: known.area + sound })
}

/**
 * The class of a picture, or why it has none. Of equally many boxes the larger area wins, of equally large ones the class that
 * was named first.
 */
export function classByRule(boxes: Boxes, rule: BoxRule): { name: string } | { reason: string } {
  const classes = [...boxes.entries()].map(([name, votes]) => ({ name, ...votes }))
  const [first, ...others] = classes
  if (first === undefined) return { reason: 'No box, so no class' }
  if (rule === 'single' && others.length > 0) return { reason: `Boxes of ${classes.length} classes` }
  if (rule === 'largest') return others.reduce((best, next) => (next.largest > best.largest ? next : best), first)
  const exceeds = (a: typeof first, b: typeof first) => a.count > b.count || (a.count === b.count && a.area > b.area)
  return others.reduce((best, next) => (exceeds(next, best) ? next : best), first)
}

/** The rule as it ends a sentence of what was recognised. */
export const ruleWords: Record<BoxRule, string> = {
  single: 'pictures with boxes of one class are taken',
  largest: 'the largest box gives the class',
  most: 'the most frequent boxes give the class',
}
