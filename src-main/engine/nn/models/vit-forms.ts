// What differs between the reference implementations of ViT: module names, order of parameters, initial values, pooling and
// position embeddings.
import type { PositionResize } from '../../../shared/registry/position-resize.ts'
import {
  fanIn,
  type Initialiser,
  normal,
  torchDefault,
  torchDefaultBias,
  truncatedNormal,
  uniform,
  xavierUniform,
  zeros,
} from '../initialisers.ts'
import { sincos2d } from './sincos2d.ts'

export interface VitForm {
  names: {
    token: string
    positions: string
    patches: string
    norm: string
    head: string
    block(index: number): {
      norm1: string
      qkv: string
      /** Between `qkv` and "weight" or "bias"; a dot by default. */
      qkvSeparator?: string
      projection: string
      norm2: string
      mlp1: string
      mlp2: string
    }
  }
  /** Whether a state dict lists the positions before the patch embedding. */
  positionsFirst: boolean
  pool: 'token' | 'mean'
  positions: 'learned' | 'sincos2d'
  /** Whether the class token has a position too; if not, it comes in front once the patches have theirs. */
  tokenHasPosition: boolean
  /** How the reference takes learned positions to another resolution. */
  positionResize: PositionResize
  /** Name of a linear layer with tanh before the head. */
  preLogits?: string
  initial: Record<
    | 'token'
    | 'positions'
    | 'patches'
    | 'patchBias'
    | 'qkv'
    | 'projection'
    | 'mlp'
    | 'mlpBias'
    | 'preLogits'
    | 'head'
    | 'bias',
    Initialiser
  >
}

const timmNames: VitForm['names'] = {
  token: 'cls_token',
  positions: 'pos_embed',
  patches: 'patch_embed.proj',
  norm: 'norm',
  head: 'head',
  block: (index) => ({
    norm1: `blocks.${index}.norm1`,
    qkv: `blocks.${index}.attn.qkv`,
    projection: `blocks.${index}.attn.proj`,
    norm2: `blocks.${index}.norm2`,
    mlp1: `blocks.${index}.mlp.fc1`,
    mlp2: `blocks.${index}.mlp.fc2`,
  }),
}

// timm's truncated normal of every linear layer; the patch convolution stays at PyTorch's default.
const timm: VitForm = {
  names: timmNames,
  positionsFirst: true,
  pool: 'token',
  positions: 'learned',
  tokenHasPosition: true,
  positionResize: 'timm',
  initial: {
    token: normal(1e-6),
    positions: truncatedNormal(0.02),
    patches: torchDefault,
    patchBias: torchDefaultBias(16 * 16 * 3),
    qkv: truncatedNormal(0.02),
    projection: truncatedNormal(0.02),
    mlp: truncatedNormal(0.02),
    mlpBias: zeros,
    preLogits: truncatedNormal(0.02),
    head: truncatedNormal(0.02),
    bias: zeros,
  },
}

const torchvision: VitForm = {
  names: {
    token: 'class_token',
    positions: 'encoder.pos_embedding',
    patches: 'conv_proj',
    norm: 'encoder.ln',
    head: 'heads.head',
    block: (index) => {
      const name = `encoder.layers.encoder_layer_${index}`
      return {
        norm1: `${name}.ln_1`,
        qkv: `${name}.self_attention.in_proj`,
        qkvSeparator: '_',
        projection: `${name}.self_attention.out_proj`,
        norm2: `${name}.ln_2`,
        mlp1: `${name}.mlp.0`,
        mlp2: `${name}.mlp.3`,
      }
    },
  },
  positionsFirst: false,
  pool: 'token',
  positions: 'learned',
  tokenHasPosition: true,
  positionResize: 'torchvision',
  initial: {
    token: zeros,
    positions: normal(0.02),
    patches: truncatedNormal((shape) => Math.sqrt(1 / fanIn(shape))),
    patchBias: zeros,
    qkv: xavierUniform,
    projection: torchDefault,
    mlp: xavierUniform,
    mlpBias: normal(1e-6),
    preLogits: zeros,
    head: zeros,
    bias: zeros,
  },
}

/** Variance 1 / fan-in after truncation at two deviations, as jax.nn.initializers.lecun_normal. */
const lecunNormal: Initialiser = (shape, key) => {
  // The deviation of a standard normal truncated to +-2.
  const std = Math.sqrt(1 / fanIn(shape)) / 0.87962566103423978
  return truncatedNormal(std, 2 * std)(shape, key)
}

// Queries, keys and values are three products of their own in big_vision, each with Xavier's bound.
const xavierOfThree = uniform(([inputs = 1, outputs = 1]) => Math.sqrt(6 / (inputs + outputs / 3)))

/** google-research/big_vision, configs/vit_s16_i1k.py, by timm's names: mean of the tokens after the norm, tanh pre-logits. */
const bigVision: VitForm = {
  names: timmNames,
  positionsFirst: true,
  pool: 'mean',
  positions: 'sincos2d',
  tokenHasPosition: false,
  positionResize: 'big-vision',
  preLogits: 'pre_logits.fc',
  initial: {
    token: zeros,
    positions: sincos2d,
    patches: lecunNormal,
    patchBias: zeros,
    qkv: xavierOfThree,
    projection: xavierUniform,
    mlp: xavierUniform,
    mlpBias: normal(1e-6),
    preLogits: lecunNormal,
    head: zeros,
    bias: zeros,
  },
}

/** The same with a class token and learned positions of the patches only, configs/vit_i1k.py. */
const bigVisionToken: VitForm = {
  ...bigVision,
  pool: 'token',
  positions: 'learned',
  // 1 / sqrt(width); fan-in of [1, patches, width] would count the patches.
  initial: { ...bigVision.initial, positions: normal(([, , width = 1]) => Math.sqrt(1 / width)) },
}

export const vitForms = { timm, torchvision, 'big-vision': bigVision, 'big-vision-token': bigVisionToken } as const
