// The first layer of a vision transformer: pictures, or patches of pictures of unlike sizes, to tokens with positions.
import * as tf from '@tensorflow/tfjs-core'
import { RepriseError } from '../../../shared/errors.ts'
import { biasAdd } from '../../tensorflow/ops/bias-add.ts'
import { conv2d, type Layer } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import type { ForwardPass, Parameter, ParameterSet } from '../parameters.ts'
import type { PaddedTensors, PatchSequence } from '../patch-sequence.ts'
import type { VitForm } from './vit-forms.ts'

interface EmbeddingOptions extends Pick<ModelOptions, 'resolution' | 'positionResize'> {
  width: number
  patch: number
}

interface PatchEmbedding {
  sequence: PatchSequence
  /** [n, h, w, 3] -> [n, t, width] */
  pictures: Layer
  /** patches [n, t, pixels] -> [n, t, width], or one token more where there is a class token. */
  padded(batch: PaddedTensors, pass: ForwardPass): tf.Tensor
}

/**
 * Patches by a convolution, with their positions, the class token in front. Throws `config-out-of-range` when the resolution
 * is no multiple of the patch.
 */
export function patchEmbedding(set: ParameterSet, form: VitForm, options: EmbeddingOptions): PatchEmbedding {
  const { names, initial } = form
  const { width, patch, resolution = 224, positionResize: resize = form.positionResize } = options
  const grid = patchesPerSide(resolution, patch)
  const prefix = form.pool === 'token' && form.tokenHasPosition ? 1 : 0
  const addToken = () => set.add(names.token, 'embedding', [1, 1, width], initial.token)
  const addPositions = () => {
    return set.add(
      names.positions,
      'embedding',
      [1, prefix + grid * grid, width],
      initial.positions,
      form.positions === 'learned',
    )
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
  const inFront = (front: tf.Tensor, patches: tf.Tensor) =>
    tf.concat([repeated(front, patches.shape[0] ?? 1), patches], 1)
  return {
    sequence: {
      patch,
      grid: [grid, grid],
      width,
      positions: { name: names.positions, prefix, kind: form.positions, resize },
    },
    pictures(x, pass) {
      const patches = tf.reshape(project(x, pass), [-1, grid * grid, width])
      const added = pass.read(positions)
      if (token && prefix > 0) return tf.add(inFront(pass.read(token), patches), added)
      const placed = tf.add(patches, added)
      return token ? inFront(pass.read(token), placed) : placed
    },
    padded({ patches, positions: given }, pass) {
      const [n = 0, t = 0, pixels = 0] = patches.shape
      // On a single patch the convolution is a product with its kernel.
      const kernel = tf.reshape(pass.read(project.weight), [pixels, width])
      const projected = tf.matMul(tf.reshape(patches, [n * t, pixels]), kernel)
      const biased = biasAdd(projected, pass.read(project.bias as Parameter))
      const own = pass.read(positions)
      const ofPatches = tf.slice(own, [0, prefix, 0], [1, grid * grid, width])
      const placed = tf.reshape(tf.add(biased, positionsOf(given, ofPatches, form)), [n, t, width])
      if (!token) return placed
      const front = pass.read(token)
      return inFront(prefix > 0 ? tf.add(front, tf.slice(own, [0, 0, 0], [1, 1, width])) : front, placed)
    },
  }
}

function patchesPerSide(resolution: number, patch: number): number {
  if (resolution > 0 && resolution % patch === 0) return resolution / patch
  throw new RepriseError({
    code: 'config-out-of-range',
    message: `A picture of ${resolution} x ${resolution} cannot be cut into patches of ${patch} x ${patch}.`,
    expected: `a multiple of ${patch}`,
    found: String(resolution),
    fix: `Choose ${Math.max(Math.round(resolution / patch), 1) * patch}.`,
  })
}

/** Positions of a padded batch, [n * t, width], from what it gives and the network's own [1, patches, width]. */
function positionsOf(given: tf.Tensor, own: tf.Tensor, { positions }: VitForm): tf.Tensor {
  const rows = tf.reshape(given, [-1, given.shape[2] ?? 0])
  return positions === 'learned' ? tf.matMul(rows, tf.reshape(own, own.shape.slice(1))) : rows
}

/** [1, 1, width] -> [n, 1, width] by broadcasting: the gradient of tf.tile is a loop. */
function repeated(token: tf.Tensor, n: number): tf.Tensor {
  return tf.add(tf.fill([n, 1, 1], 0), token)
}
