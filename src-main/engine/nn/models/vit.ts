// Vision transformers: Dosovitskiy et al., "An Image is Worth 16x16 Words" (2020); Touvron et al., DeiT (2020); Beyer, Zhai,
// Kolesnikov, "Better plain ViT baselines" (2022). Pre-norm blocks, layer normalisation with epsilon 1e-6, exact GELU.
import * as tf from '@tensorflow/tfjs-core'
import { gelu } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { globalAveragePool, type Layer, layerNorm, linear, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type ForwardPass, type Network, ParameterSet } from '../parameters.ts'
import { dropout, dropPath } from '../random-layers.ts'
import { patchEmbedding } from './vit-embedding.ts'
import { type VitForm, vitForms } from './vit-forms.ts'
import { meanOfValid, paddingBias } from './vit-padding.ts'

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

/**
 * A vision transformer. x [n, resolution, resolution, 3] -> [n, classes]. Throws `config-out-of-range` when the resolution is
 * no multiple of the patch.
 */
export function visionTransformer(design: VitDesign, classes: number, seed: number, options: ModelOptions): Network {
  const { width, depth, heads, patch } = design
  const form: VitForm = vitForms[design.form]
  const set = new ParameterSet(seed, options)
  const dropRate = options.dropout ?? 0
  const embed = patchEmbedding(set, form, { width, patch, ...options })
  const dropEmbedded = dropout(set, dropRate)
  const blocks = Array.from({ length: depth }, (_, index) => {
    const pathRate = ((options.dropPath ?? 0) * index) / Math.max(depth - 1, 1)
    return asBlock(set, () => encoderBlock(set, form, { index, width, heads, dropRate, pathRate }))
  })
  const norm = layerNorm(set, { name: form.names.norm, channels: width, epsilon })
  set.nextLayer()
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
  const encode = sequential([dropEmbedded, ...blocks, norm])
  const classify: Layer = (pooled, pass) => head(preLogits ? tf.tanh(preLogits(pooled, pass)) : pooled, pass)
  return {
    parameters: set,
    sequence: embed.sequence,
    forward: (x, pass) => classify(pool(encode(embed.pictures(x, pass), pass), form), pass),
    forwardPadded(batch, pass) {
      const tokens = encode(embed.padded(batch, pass), { ...pass, keyBias: paddingBias(batch.valid, form.pool) })
      return classify(form.pool === 'token' ? pool(tokens, form) : meanOfValid(tokens, batch.valid), pass)
    },
  }
}

/** [n, t, width] -> [n, width]: the class token, or the mean of all tokens. */
function pool(tokens: tf.Tensor, form: VitForm): tf.Tensor {
  const [n = 0, t = 0, width = 0] = tokens.shape
  if (form.pool === 'token') return tf.reshape(tf.slice(tokens, [0, 0, 0], [n, 1, width]), [n, width])
  return globalAveragePool(tf.reshape(tokens, [n, t, 1, width]))
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
    const scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(size)), k, false, true)
    const weights = tf.softmax(pass.keyBias ? tf.add(scores, pass.keyBias) : scores)
    const mixed = tf.transpose(tf.matMul(weights, v), [0, 2, 1, 3])
    return project(tf.reshape(mixed, [n, t, width]), pass)
  }
}
