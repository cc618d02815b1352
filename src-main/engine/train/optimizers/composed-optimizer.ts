// Optimizers that are a rule on each parameter: state, step counter and skipped steps are the same for all of them.
import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../../nn/parameters.ts'
import { fusedByXla } from '../../tensorflow/elementwise.ts'
import {
  assignVariable,
  createVariable,
  deleteVariable,
  readVariable,
  type Variable,
} from '../../tensorflow/variables.ts'
import { type Optimizer, type OptimizerConfig, type ParameterGroup, parameterGroups } from './optimizer.ts'

/** Slots of one parameter by name, all of its shape. */
export type Slots = Readonly<Record<string, tf.Tensor>>

export interface ParameterStep {
  parameter: Parameter
  value: tf.Tensor
  gradient: tf.Tensor
  slots: Slots
  /** Rate of this parameter, a scalar. */
  lr: tf.Tensor
  weightDecay: number
  /** Number of this step from 1, a scalar. */
  step: tf.Tensor
}

export interface UpdateRule {
  /** Initial values of a parameter's slots. */
  slots(parameter: Parameter): Readonly<Record<string, number>>
  /** Changes all gradients before the rule sees them. */
  prepare?(gradients: readonly tf.Tensor[]): tf.Tensor[]
  /** New value and new slots. */
  update(step: ParameterStep): { value: tf.Tensor; slots: Slots }
}

/** An optimizer of `rule` with float32 state. */
export function composedOptimizer(
  parameters: readonly Parameter[],
  config: OptimizerConfig,
  rule: UpdateRule,
): Optimizer {
  const slots = new Map<string, Variable>([['step', createVariable('step', [], new Float32Array(1))]])
  for (const parameter of parameters) {
    const { name, variable } = parameter
    for (const [slot, initial] of Object.entries(rule.slots(parameter))) {
      const values = new Float32Array(variable.size).fill(initial)
      slots.set(`${slot}.${name}`, createVariable(`${name}/${slot}`, variable.shape, values))
    }
  }
  const groups = parameterGroups(parameters, config)
  const slotOf = (name: string) => slots.get(name) as Variable
  return {
    slots,
    apply({ parameters, values, gradients, lr, finite }) {
      const assign = (variable: Variable, old: tf.Tensor, value: tf.Tensor) =>
        assignVariable(variable, finite ? tf.where(finite, value, old) : value)
      const taken = readVariable(slotOf('step'))
      const step = tf.add(taken, 1)
      const prepared = rule.prepare?.(gradients) ?? gradients
      for (const [i, parameter] of parameters.entries()) {
        const { lrScale, weightDecay } = groups.get(parameter) as ParameterGroup
        const names = Object.keys(rule.slots(parameter))
        const old: Slots = Object.fromEntries(
          names.map((slot) => [slot, readVariable(slotOf(`${slot}.${parameter.name}`))]),
        )
        const [value, gradient] = [values[i] as tf.Tensor, prepared[i] as tf.Tensor]
        const rate = lrScale === 1 ? lr : tf.mul(lr, lrScale)
        const next = rule.update({ parameter, value, gradient, slots: old, lr: rate, weightDecay, step })
        for (const slot of names) {
          assign(slotOf(`${slot}.${parameter.name}`), old[slot] as tf.Tensor, next.slots[slot] as tf.Tensor)
        }
        assign(parameter.variable, value, next.value)
      }
      assign(slotOf('step'), taken, step)
    },
    dispose: () => {
      for (const slot of slots.values()) deleteVariable(slot)
    },
  }
}

/** `body` as one pass over memory. `constants` are the numbers that the body closes over. */
export function fusedUpdate(
  name: string,
  constants: readonly number[],
  body: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
): tf.Tensor {
  return fusedByXla([name, ...constants].join('_').replace(/[^A-Za-z0-9]/g, '_'), body, inputs)
}

/** The L2 form of weight decay: g + wd p. */
export function coupledDecay(gradient: tf.Tensor, value: tf.Tensor, weightDecay: number): tf.Tensor {
  if (weightDecay === 0) return gradient
  return fusedUpdate(
    'coupled_decay',
    [weightDecay],
    (g, p) => tf.add(g as tf.Tensor, tf.mul(p as tf.Tensor, weightDecay)),
    [gradient, value],
  )
}

/** beta a + (1 - beta) x */
export function movingAverage(average: tf.Tensor, x: tf.Tensor, beta: number): tf.Tensor {
  return fusedUpdate(
    'moving_average',
    [beta],
    (a, b) => tf.add(tf.mul(a as tf.Tensor, beta), tf.mul(b as tf.Tensor, 1 - beta)),
    [average, x],
  )
}

/** beta a + (1 - beta) x^2 */
export function movingSquare(average: tf.Tensor, x: tf.Tensor, beta: number): tf.Tensor {
  return fusedUpdate(
    'moving_square',
    [beta],
    (a, b) => tf.add(tf.mul(a as tf.Tensor, beta), tf.mul(tf.square(b as tf.Tensor), 1 - beta)),
    [average, x],
  )
}

/** 1 - beta^step. Through expm1, since float32 would lose four digits of 1 - 0.999 at the first step. */
export function biasCorrection(beta: number, step: tf.Tensor): tf.Tensor {
  return beta === 0 ? tf.scalar(1) : tf.neg(tf.expm1(tf.mul(step, Math.log(beta))))
}

/** Euclidean norm of a tensor, a scalar. */
export function l2Norm(x: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.sum(tf.square(x)))
}

/** Norm over all tensors together, a scalar. */
export function globalNorm(tensors: readonly tf.Tensor[]): tf.Tensor {
  return tf.sqrt(tensors.map((x) => tf.sum(tf.square(x))).reduce((a, b) => tf.add(a, b)))
}
