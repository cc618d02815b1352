// The parameters and buffers of a network: created with their initial values, named and shaped so that a PyTorch state dict
// can be written from them.
import type * as tf from '@tensorflow/tfjs-core'
import { createVariable, deleteVariable, type Variable } from '../tensorflow/variables.ts'
import { type Initialiser, zeros } from './initialisers.ts'
import type { ModelOptions } from './model-options.ts'

/** What a parameter is, for decay scopes, learning-rate groups and layouts. */
export type ParameterRole =
  | 'conv-weight'
  | 'linear-weight'
  | 'bias'
  | 'norm-weight'
  | 'norm-bias'
  | 'scale'
  | 'embedding'
  | 'buffer'

export interface Parameter {
  /** PyTorch's name, such as `layer1.0.conv1.weight`. */
  readonly name: string
  readonly role: ParameterRole
  /** False for frozen parameters and for buffers. */
  readonly trainable: boolean
  readonly variable: Variable
}

/** Collects a network's parameters in PyTorch's order. `seed` and the position of a parameter fix its draws. */
export class ParameterSet {
  readonly all: Parameter[] = []
  readonly seed: number
  private readonly initialise: boolean
  private randomStreams = 0

  constructor(seed: number, options: Pick<ModelOptions, 'initialise'> = {}) {
    this.seed = seed
    this.initialise = options.initialise ?? true
  }

  /** A parameter of the given shape; convolutions are HWIO, linear layers [in, out]. */
  add(
    name: string,
    role: ParameterRole,
    shape: readonly number[],
    initialise: Initialiser,
    trainable = role !== 'buffer',
  ): Parameter {
    const values = (this.initialise ? initialise : zeros)(shape, { seed: this.seed, stream: this.all.length })
    const parameter = { name, role, trainable, variable: createVariable(name, shape, values) }
    this.all.push(parameter)
    return parameter
  }

  /** A number of its own for each layer that draws at random in training, for `ForwardPass.randomKey`. */
  newRandomStream(): number {
    return this.randomStreams++
  }

  /** Trainable scalars in all. */
  get trainableCount(): number {
    return this.all.filter((p) => p.trainable).reduce((sum, p) => sum + p.variable.size, 0)
  }

  dispose(): void {
    for (const parameter of this.all) deleteVariable(parameter.variable)
  }
}

/** What a forward pass needs to know. */
export interface ForwardPass {
  training: boolean
  /** The parameter's value in this pass. */
  read(parameter: Parameter): tf.Tensor
  /** Receives new running statistics in training; both tensors are kept for the receiver. */
  onStatistics(buffer: Parameter, value: tf.Tensor): void
  /**
   * The key, int32 [2], that a layer's random draws take in this pass: another one for each step, seed and stream. Needed in
   * training by networks with dropout or drop-path, and an input of a traced step: a constant key is folded into a
   * constant mask.
   */
  randomKey?(stream: number): tf.Tensor
}

/** A network ready to train or to judge. */
export interface Network {
  readonly parameters: ParameterSet
  /** x [n, h, w, c] normalised -> logits [n, classes] */
  forward(x: tf.Tensor, pass: ForwardPass): tf.Tensor
  /** Sets data-dependent initial values from normalised training pictures [n, h, w, c], where the paper asks for it. */
  initialiseFrom?(pictures: tf.Tensor): void
  /** Parameters that are frozen from a given epoch on, where the paper asks for it. */
  readonly freezeAfter?: readonly { parameter: Parameter; epochs: number }[]
}
