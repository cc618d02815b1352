// Gradient clipping by the norm of all, by value, or adaptively (Brock et al. 2021), as torch.nn.utils and timm do it.
import * as tf from '@tensorflow/tfjs-core'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Network, Parameter } from '../nn/parameters.ts'
import { globalNorm } from './optimizers/composed-optimizer.ts'

/**
 * Gradients after `optimizer.clip`, in the order of `trainable`. Adaptive clipping leaves out the last two trained parameters
 * of the network, its classifier, as timm does.
 */
export function clipGradients(
  { clip, clipThreshold }: RunConfig['optimizer'],
  network: Pick<Network, 'parameters'>,
  trainable: readonly Parameter[],
  values: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
): readonly tf.Tensor[] {
  switch (clip) {
    case 'none':
      return gradients
    case 'norm': {
      const factor = tf.minimum(tf.div(clipThreshold, tf.add(globalNorm(gradients), 1e-6)), 1)
      return gradients.map((g) => tf.mul(g, factor))
    }
    case 'value':
      return gradients.map((g) => tf.clipByValue(g, -clipThreshold, clipThreshold))
    case 'agc': {
      const head = network.parameters.all.filter((p) => p.trainable).slice(-2)
      return gradients.map((g, i) => {
        const parameter = trainable[i] as Parameter
        return head.includes(parameter) ? g : clipByUnits(parameter, values[i] as tf.Tensor, g, clipThreshold)
      })
    }
  }
}

/** Clips each unit's gradient to `factor` times the norm of its weights, which counts as at least 1e-3. */
function clipByUnits(parameter: Parameter, value: tf.Tensor, gradient: tf.Tensor, factor: number): tf.Tensor {
  const norm = (x: tf.Tensor) => tf.sqrt(tf.sum(tf.square(x), unitAxes(parameter), true))
  const largest = tf.mul(tf.maximum(norm(value), 1e-3), factor)
  const found = norm(gradient)
  const clipped = tf.mul(gradient, tf.div(largest, tf.maximum(found, 1e-6)))
  return tf.where(tf.less(found, largest), gradient, clipped)
}

// A unit is an output of a kernel, which stands last here and first in PyTorch; a vector is one unit.
function unitAxes({ role, variable }: Parameter): number[] {
  const axes = variable.shape.map((_, axis) => axis)
  if (axes.length <= 1) return axes
  return role === 'conv-weight' || role === 'linear-weight' ? axes.slice(0, -1) : axes.slice(1)
}
