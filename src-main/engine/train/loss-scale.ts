// Dynamic loss scaling for float16, by the rules of PyTorch's GradScaler: start at 2^16, double after 2,000 clean steps, halve
// and skip the step when a gradient is not finite (Micikevicius et al. 2017). All inside the compiled step.
import * as tf from '@tensorflow/tfjs-core'
import { attr } from '../tensorflow/attributes.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { rawOp } from '../tensorflow/ops/raw-op.ts'
import {
  assignVariable,
  createVariable,
  deleteVariable,
  readVariable,
  readVariableValues,
  type Variable,
} from '../tensorflow/variables.ts'

export interface LossScaleOptions {
  initial: number
  growthInterval: number
}

export interface LossScale {
  scaled(loss: tf.Tensor): tf.Tensor
  /** Gradients of the loss itself and whether all are finite; updates the scale for the next step. */
  unscale(gradients: readonly tf.Tensor[]): { gradients: tf.Tensor[]; finite: tf.Tensor }
  /** State by name. */
  readonly variables: ReadonlyMap<string, Variable>
  /** The present scale and the clean steps since it last changed. */
  read(): { scale: number; cleanSteps: number }
  dispose(): void
}

const growth = 2
const backoff = 0.5

export function createLossScale(
  { initial, growthInterval }: LossScaleOptions = { initial: 65_536, growthInterval: 2000 },
): LossScale {
  const scale = createVariable('loss_scale', [], Float32Array.from([initial]))
  const cleanSteps = createVariable('loss_scale/clean_steps', [], new Float32Array(1))
  return {
    variables: new Map([
      ['scale', scale],
      ['clean_steps', cleanSteps],
    ]),
    scaled: (loss) => tf.mul(loss, readVariable(scale)),
    unscale(gradients) {
      const present = readVariable(scale)
      const unscaled = gradients.map((g) => tf.div(g, present))
      const finite = unscaled.map((g) => allFinite(g)).reduce((a, b) => tf.logicalAnd(a, b))
      const clean = tf.add(readVariable(cleanSteps), 1)
      const grows = tf.greaterEqual(clean, growthInterval)
      const larger = tf.where(grows, tf.mul(present, growth), present)
      assignVariable(scale, tf.where(finite, larger, tf.mul(present, backoff)))
      assignVariable(cleanSteps, tf.where(tf.logicalAnd(finite, tf.logicalNot(grows)), clean, tf.zerosLike(clean)))
      return { gradients: unscaled, finite }
    },
    read: () => ({ scale: readVariableValues(scale)[0] ?? 0, cleanSteps: readVariableValues(cleanSteps)[0] ?? 0 }),
    dispose: () => {
      deleteVariable(scale)
      deleteVariable(cleanSteps)
    },
  }
}

function allFinite(gradient: tf.Tensor): tf.Tensor {
  const finite = rawOp('IsFinite', [attr.type('T', DType.float)], [gradient])
  return tf.all(finite)
}
