// The check that lets a training step update nothing when its numbers are not finite: CheckNumerics, on which all updates wait.
import * as tf from '@tensorflow/tfjs-core'
import { RepriseError } from '../../shared/errors.ts'
import { attr } from '../tensorflow/attributes.ts'
import { floatType, rawOp } from '../tensorflow/ops/raw-op.ts'

/** Where a number that is not finite was found: loss, gradients, or running statistics of the batch. */
const notFinitePlaces = ['loss', 'gradient', 'statistics'] as const
export type NotFinitePlace = (typeof notFinitePlaces)[number]

export interface StepNumbers {
  /** The mean loss, a scalar. */
  loss: tf.Tensor
  /** Null where they may overflow, as under a dynamic loss scale, which skips such a step itself. */
  gradients: readonly tf.Tensor[] | null
  /** New running statistics, whose variance can overflow while the loss does not. */
  statistics: readonly tf.Tensor[]
}

/** A marker in TensorFlow's message, by which `notFiniteFailure` knows its own checks. */
const marker = 'not finite: '

/**
 * Operations that fail when a number is not finite; updates must wait for all of them. Gradients are judged by their sum of squares,
 * so a norm above 1.8e19 fails too. Op by op, throws at once.
 */
export function finiteChecks({ loss, gradients, statistics }: StepNumbers): tf.Tensor[] {
  const checkedLoss = checked('loss', loss)
  // Waits for the loss, so that of several places the same one is named each time.
  const afterLoss = tf.mul(checkedLoss, 0)
  const checks = [checkedLoss]
  if (statistics.length > 0) {
    checks.push(checked('statistics', tf.addN([...statistics.map((value) => tf.sum(value)), afterLoss])))
  }
  if (!gradients || gradients.length === 0) return checks
  // L2Loss is half the sum of squares, in one pass.
  const squares = gradients.map((g) => rawOp('L2Loss', [floatType], [g]))
  const halfSquares = checked('gradient', tf.addN([...squares, tf.mul(checks.at(-1) as tf.Tensor, 0)]))
  return [...checks, halfSquares]
}

function checked(place: NotFinitePlace, value: tf.Tensor): tf.Tensor {
  return rawOp('CheckNumerics', [floatType, attr.string('message', `${marker}${place}`)], [value])
}

/** The error `not-finite` with details { what } where `error` is the failure of a check, or null for any other. */
export function notFiniteFailure(error: unknown): RepriseError | null {
  if (!(error instanceof RepriseError)) return null
  const message = String(error.details?.tensorflow ?? '')
  const what = notFinitePlaces.find((place) => message.includes(marker + place))
  if (!what) return null
  const found = /Tensor had ([^;.\n]*)values/.exec(message)?.[1]?.trim()
  return new RepriseError(
    {
      code: 'not-finite',
      message: `The ${what} of a step ${what === 'statistics' ? 'are' : 'is'} not finite.`,
      expected: 'finite numbers',
      found: found ?? 'NaN or infinity',
      fix: 'The step has changed nothing: go on from a saved state with a lower learning rate.',
      details: { what },
    },
    { cause: error },
  )
}
