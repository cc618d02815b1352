// How pictures come to their parts, checked.
import { z } from 'zod'

const share = z.number().min(0).max(0.9)
const seed = z.int().min(0).max(2_000_000_000)
/** Both parts get pictures, and training keeps some. */
const testShare = z.number().positive().max(0.9)
const sharesFit = ({ testShare, valShare }: { testShare: number; valShare: number }) => testShare + valShare < 1
const tooMuch = { error: 'shares of test and validation that leave something for training', path: ['valShare'] }

function isExpression(text: string): boolean {
  try {
    new RegExp(text, 'u')
    return true
  } catch {
    return false
  }
}

/** A recipe that can be followed: shares that leave something to train on, an expression that is one. */
export const splitRecipeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('given'), valShare: share, seed }),
  z
    .strictObject({ kind: z.literal('ratio'), testShare, valShare: share, seed, stratified: z.boolean() })
    .refine(sharesFit, tooMuch),
  z
    .strictObject({
      kind: z.literal('group'),
      testShare,
      valShare: share,
      seed,
      expression: z.string().min(1).max(500).refine(isExpression, 'a regular expression').nullable(),
    })
    .refine(sharesFit, tooMuch),
  z
    .strictObject({
      kind: z.literal('k-fold'),
      folds: z.int().min(2).max(100),
      fold: z.int().min(0),
      valShare: share,
      seed,
      stratified: z.boolean(),
    })
    .refine(({ fold, folds }) => fold < folds, { error: 'a fold below the number of folds', path: ['fold'] }),
])
