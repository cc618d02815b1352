// Top-1, top-5 and mean loss over a test set, summed batch by batch.

/** Sums over the pictures seen so far. */
export interface EvaluationSums {
  pictures: number
  top1: number
  top5: number
  loss: number
}

/** Figures of a whole evaluation; accuracies are fractions of 1, the loss is the mean cross entropy in nats. */
export interface EvaluationFigures {
  top1: number
  top5: number
  loss: number
}

export const noEvaluationSums: Readonly<EvaluationSums> = { pictures: 0, top1: 0, top5: 0, loss: 0 }

/**
 * Adds one batch. `logits` is row-major [labels.length, classes]; the loss has no label smoothing and is summed in
 * double precision.
 *
 * A label is among the top k when fewer than k classes stand before it. Of equal logits the lower class index stands
 * first, as with PyTorch's `argmax`; the order in which its `topk` returns equal values is left open there. A picture
 * with a NaN among its logits counts as wrong and makes the loss NaN. With fewer than five classes top-5 is always 1.
 */
export function addEvaluationBatch(
  sums: Readonly<EvaluationSums>,
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): EvaluationSums {
  if (logits.length !== labels.length * classes) {
    throw new RangeError(`Expected ${labels.length} x ${classes} logits, found ${logits.length}.`)
  }
  const next = { ...sums, pictures: sums.pictures + labels.length }
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] as number
    const at = row * classes
    const own = logits[at + label] as number
    let before = 0
    let largest = Number.NEGATIVE_INFINITY
    for (let c = 0; c < classes; c += 1) {
      const logit = logits[at + c] as number
      // Written so that a comparison with NaN counts against the label.
      if (!(logit < own) && c !== label && !(logit === own && c > label)) before += 1
      largest = Math.max(largest, logit)
    }
    let sum = 0
    for (let c = 0; c < classes; c += 1) sum += Math.exp((logits[at + c] as number) - largest)
    const finite = !Number.isNaN(largest)
    if (finite && before < 1) next.top1 += 1
    if (finite && before < 5) next.top5 += 1
    next.loss += largest + Math.log(sum) - own
  }
  return next
}

/** Means over everything added. Throws when nothing was. */
export function evaluationFigures(sums: Readonly<EvaluationSums>): EvaluationFigures {
  if (sums.pictures === 0) throw new RangeError('An evaluation needs at least one picture.')
  return { top1: sums.top1 / sums.pictures, top5: sums.top5 / sums.pictures, loss: sums.loss / sums.pictures }
}
