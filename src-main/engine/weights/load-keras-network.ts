// A network in the form of a Keras architecture, with the weights of a file and the preprocessing that belongs to them.
import { RepriseError } from '../../shared/errors.ts'
import { type ModelName, models } from '../../shared/registry/models.ts'
import type { EvaluationTransform } from '../data/transforms/evaluation-transform.ts'
import type { KerasLayer, KerasWeights } from '../formats/keras-layers.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import type { Network } from '../nn/parameters.ts'
import {
  describeKerasForm,
  type KerasArchitecture,
  type KerasName,
  kerasArchitectures,
  kerasNameFor,
  kerasNameOf,
} from './keras-architectures.ts'
import { kerasInputSize, kerasTransform } from './keras-transform.ts'
import { loadKerasWeights } from './load-keras-weights.ts'

export interface LoadedNetwork {
  arch: ModelName
  network: Network
  transform: EvaluationTransform
  /** Height and width of the input. */
  size: number
  notes: string[]
}

/**
 * Builds and loads the network. `arch` may be left out where the file names its model. The head has the classes of the
 * registry, unless `classes` says otherwise.
 * @throws `usage` when the architecture is not told or Keras has no such one; `data-format` when the weights do not fit, or
 *   the configuration has another epsilon than the architecture
 */
export function loadKerasNetwork(
  weights: KerasWeights,
  file: string,
  { arch, classes }: { arch?: ModelName | undefined; classes?: number } = {},
): LoadedNetwork {
  const name = arch ? kerasNameFor(arch) : kerasNameOf(weights.model?.name ?? '')
  if (!name) throw unknownArchitecture(arch ?? weights.model?.name ?? 'no name', file)
  const { network: ours, epsilon, padding }: KerasArchitecture = kerasArchitectures[name]
  if (weights.model) refuseOtherEpsilon(weights.model.layers, name, file)
  const record = models[ours]
  const size = kerasInputSize(weights) ?? record.input[0]
  const transform = kerasTransform(name, weights, size, file)
  const form = { norm: { epsilon }, ...(padding ? { padding } : {}) }
  const network = modelBuilders[ours](classes ?? record.classes, 1, { initialise: false, ...form })
  try {
    const leftOut = loadKerasWeights(network, name, weights.tensors, file)
    return { arch: ours, network, transform, size, notes: [describeKerasForm(name), ...weights.notes, ...leftOut] }
  } catch (error) {
    network.parameters.dispose()
    throw error
  }
}

function refuseOtherEpsilon(layers: readonly KerasLayer[], name: KerasName, file: string): void {
  const { epsilon } = kerasArchitectures[name]
  for (const { className, name: layer, config, layers: inner } of layers) {
    if (inner) refuseOtherEpsilon(inner, name, file)
    const isNorm = className === 'BatchNormalization' || className === 'LayerNormalization'
    const found = config.epsilon ?? 1e-3
    if (!isNorm || Math.abs(Number(found) - epsilon) < 1e-3 * epsilon) continue
    throw new RepriseError({
      code: 'data-format',
      message: `The layer ${layer} of ${file} is not that of Keras' ${name}`,
      expected: `epsilon ${epsilon}`,
      found: `epsilon ${found}`,
      fix: 'Choose the architecture that the weights were trained for, or save them from one without changes.',
    })
  }
}

function unknownArchitecture(found: string, file: string): RepriseError {
  const known = Object.values(kerasArchitectures).map(({ network }) => network)
  return new RepriseError({
    code: 'usage',
    message: `${file} holds weights of Keras, for which the architecture must be one that Keras has too.`,
    expected: known.join(', '),
    found,
    fix: 'Name one of these with --arch.',
  })
}
