// The parameters and buffers of a network: created with their initial values, named and shaped so that a PyTorch state dict
// can be written from them.
import type * as tf from '@tensorflow/tfjs-core'
import { createVariable, deleteVariable, type Variable } from '../tensorflow/variables.ts'
import { type Initialiser, zeros } from './initialisers.ts'
import type { BatchNormSettings, ModelOptions } from './model-options.ts'
import type { PaddedTensors, PatchSequence } from './patch-sequence.ts'

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
  /** Place in the depth of the network, from 0 in the stem; the parameters of a block share one. For layer-wise rates. */
  readonly layer: number
  readonly variable: Variable
}

/** Collects a network's parameters in PyTorch's order. `seed` and the position of a parameter fix its draws. */
export class ParameterSet {
  readonly all: Parameter[] = []
  readonly seed: number
  readonly norm: BatchNormSettings
  private readonly initialise: boolean
  private layer = 0
  private randomStreams = 0

  constructor(seed: number, options: Pick<ModelOptions, 'initialise' | 'norm'> = {}) {
    this.seed = seed
    this.norm = options.norm ?? {}
    this.initialise = options.initialise ?? true
  }

  /** Parameters that are added from here on lie one layer deeper: at the start of each block, and of the head. */
  nextLayer(): void {
    this.layer += 1
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
    const parameter = { name, role, trainable, layer: this.layer, variable: createVariable(name, shape, values) }
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
  /** Receives new running statistics in training; the value is kept for the receiver. */
  onStatistics(buffer: Parameter, value: tf.Tensor): void
  /** Weight of the new value in all running statistics, a scalar, in place of each layer's own. */
  statisticsWeight?: tf.Tensor
  /** Blocks keep their inputs alone for the gradient and compute the rest again (`asBlock`). */
  checkpointing?: boolean
  /** Added to the scores of attention, [n, 1, 1, t]; a large negative number leaves a key out. No gradient. */
  keyBias?: tf.Tensor
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
  /** Set where the network cuts pictures into patches with positions. */
  readonly sequence?: PatchSequence
  /**
   * Pictures of unlike sizes in one batch -> logits [n, classes], each as if it were alone. What lies in the padding has no
   * influence, as long as it is finite. Present where `sequence` is.
   */
  forwardPadded?(batch: PaddedTensors, pass: ForwardPass): tf.Tensor
  /** Sets data-dependent initial values from normalised training pictures [n, h, w, c], where the paper asks for it. */
  initialiseFrom?(pictures: tf.Tensor): void
  /** Parameters that are frozen from a given epoch on, where the paper asks for it. */
  readonly freezeAfter?: readonly { parameter: Parameter; epochs: number }[]
}
