// Vision transformers: Dosovitskiy et al., "An Image is Worth 16x16 Words" (2020); Touvron et al., DeiT (2020); Beyer, Zhai,
// Kolesnikov, "Better plain ViT baselines" (2022). Pre-norm blocks, layer normalisation with epsilon 1e-6, exact GELU.
import * as tf from '@tensorflow/tfjs-core'
import { gelu } from '../../tensorflow/ops/activations.ts'
import { conv2d, globalAveragePool, type Layer, layerNorm, linear, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type ForwardPass, type Network, ParameterSet } from '../parameters.ts'
import { dropout, dropPath } from '../random-layers.ts'
import { type VitForm, vitForms } from './vit-forms.ts'

export interface VitDesign {
  width: number
  depth: number
  heads: number
  patch: number
  /** Names, initial values, pooling and positions of one of the reference implementations. */
  form: keyof typeof vitForms
}

const mlpRatio = 4
const epsilon = 1e-6

/** A vision transformer. x [n, resolution, resolution, 3] -> [n, classes]. */
export function visionTransformer(design: VitDesign, classes: number, seed: number, options: ModelOptions): Network {
  const { width, depth, heads, patch } = design
  const form: VitForm = vitForms[design.form]
  const set = new ParameterSet(seed, options)
  const grid = (options.resolution ?? 224) / patch
  const dropRate = options.dropout ?? 0
  const embed = patchEmbedding(set, form, { width, patch, grid })
  const dropEmbedded = dropout(set, dropRate)
  const blocks = Array.from({ length: depth }, (_, index) => {
    const pathRate = ((options.dropPath ?? 0) * index) / Math.max(depth - 1, 1)
    return encoderBlock(set, form, { index, width, heads, dropRate, pathRate })
  })
  const norm = layerNorm(set, { name: form.names.norm, channels: width, epsilon })
  const preLogits = form.preLogits
    ? linear(set, {
        name: form.preLogits,
        inputs: width,
        outputs: width,
        initialise: form.initial.preLogits,
        bias: form.initial.bias,
      })
    : null
  const head = linear(set, {
    name: form.names.head,
    inputs: width,
    outputs: classes,
    initialise: form.initial.head,
    bias: form.initial.bias,
  })
  const encode = sequential([embed, dropEmbedded, ...blocks, norm])
  return {
    parameters: set,
    forward(x, pass) {
      const encoded = pool(encode(x, pass), form)
      return head(preLogits ? tf.tanh(preLogits(encoded, pass)) : encoded, pass)
    },
  }
}

/** [n, t, width] -> [n, width]: the class token, or the mean of all tokens. */
function pool(tokens: tf.Tensor, form: VitForm): tf.Tensor {
  const [n = 0, t = 0, width = 0] = tokens.shape
  if (form.pool === 'token') return tf.reshape(tf.slice(tokens, [0, 0, 0], [n, 1, width]), [n, width])
  return globalAveragePool(tf.reshape(tokens, [n, t, 1, width]))
}

interface EmbeddingShape {
  width: number
  patch: number
  /** Patches along each side. */
  grid: number
}

/** Patches by a convolution, the class token in front, positions added to all. [n, h, w, 3] -> [n, t, width]. */
function patchEmbedding(set: ParameterSet, form: VitForm, { width, patch, grid }: EmbeddingShape): Layer {
  const { names, initial } = form
  const addToken = () => set.add(names.token, 'embedding', [1, 1, width], initial.token)
  const addPositions = () => {
    const count = grid * grid + (form.pool === 'token' ? 1 : 0)
    return set.add(names.positions, 'embedding', [1, count, width], initial.positions, form.positions === 'learned')
  }
  const addProjection = () =>
    conv2d(set, {
      name: names.patches,
      inputs: 3,
      outputs: width,
      kernel: patch,
      stride: patch,
      initialise: initial.patches,
      bias: initial.patchBias,
    })
  // A state dict's order differs between the references.
  const token = form.pool === 'token' ? addToken() : null
  const early = form.positionsFirst ? addPositions() : null
  const project = addProjection()
  const positions = early ?? addPositions()
  return (x, pass) => {
    const patches = tf.reshape(project(x, pass), [-1, grid * grid, width])
    const tokens = token ? tf.concat([repeated(pass.read(token), x.shape[0] ?? 1), patches], 1) : patches
    return tf.add(tokens, pass.read(positions))
  }
}

/** [1, 1, width] -> [n, 1, width] by broadcasting: the gradient of tf.tile is a loop. */
function repeated(token: tf.Tensor, n: number): tf.Tensor {
  return tf.add(tf.fill([n, 1, 1], 0), token)
}

interface BlockOptions {
  index: number
  width: number
  heads: number
  dropRate: number
  pathRate: number
}

/** x + attention(norm(x)), then x + mlp(norm(x)). [n, t, width] -> same shape. */
function encoderBlock(set: ParameterSet, form: VitForm, options: BlockOptions): Layer {
  const { index, width, dropRate, pathRate } = options
  const { initial } = form
  const names = form.names.block(index)
  const norm1 = layerNorm(set, { name: names.norm1, channels: width, epsilon })
  const attend = selfAttention(set, form, options)
  const norm2 = layerNorm(set, { name: names.norm2, channels: width, epsilon })
  const mlp = (name: string, inputs: number, outputs: number) =>
    linear(set, { name, inputs, outputs, initialise: initial.mlp, bias: initial.mlpBias })
  const attention = sequential([norm1, attend, dropout(set, dropRate), dropPath(set, pathRate)])
  const transition = sequential([
    norm2,
    mlp(names.mlp1, width, mlpRatio * width),
    gelu,
    dropout(set, dropRate),
    mlp(names.mlp2, mlpRatio * width, width),
    dropout(set, dropRate),
    dropPath(set, pathRate),
  ])
  return (x, pass) => {
    const attended = tf.add(x, attention(x, pass))
    return tf.add(attended, transition(attended, pass))
  }
}

/** Multi-head self-attention with queries, keys and values from one product. [n, t, width] -> same shape. */
function selfAttention(set: ParameterSet, form: VitForm, { index, width, heads }: BlockOptions): Layer {
  const { initial } = form
  const names = form.names.block(index)
  const qkv = linear(set, {
    name: names.qkv,
    inputs: width,
    outputs: 3 * width,
    initialise: initial.qkv,
    bias: initial.bias,
    ...(names.qkvSeparator ? { separator: names.qkvSeparator } : {}),
  })
  const project = linear(set, {
    name: names.projection,
    inputs: width,
    outputs: width,
    initialise: initial.projection,
    bias: initial.bias,
  })
  const size = width / heads
  return (x: tf.Tensor, pass: ForwardPass) => {
    const [n = 0, t = 0] = x.shape
    // [n, t, width] -> [n, heads, t, size]
    const byHead = (part: tf.Tensor) => tf.transpose(tf.reshape(part, [n, t, heads, size]), [0, 2, 1, 3])
    const [q, k, v] = tf.split(qkv(x, pass), 3, -1).map(byHead) as [tf.Tensor, tf.Tensor, tf.Tensor]
    const weights = tf.softmax(tf.matMul(tf.mul(q, 1 / Math.sqrt(size)), k, false, true))
    const mixed = tf.transpose(tf.matMul(weights, v), [0, 2, 1, 3])
    return project(tf.reshape(mixed, [n, t, width]), pass)
  }
}
