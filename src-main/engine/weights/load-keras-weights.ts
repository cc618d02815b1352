// Keras' tensors into a network of ours, strictly: every tensor is used once or is on a list of what has no use.
import { toFloat32 } from '../formats/float32-values.ts'
import type { SafetensorsTensor } from '../formats/safetensors.ts'
import type { Network, Parameter } from '../nn/parameters.ts'
import { writeVariable } from '../tensorflow/variables.ts'
import { type KerasArchitecture, type KerasName, kerasArchitectures } from './keras-architectures.ts'
import { type ExpectedTensor, matchTensors, tensorsByName } from './match-tensors.ts'

/** They belong to the preprocessing (keras-transform.ts). */
const inputStatistics = /^normalization(_\d+)?\/(mean|variance|count)$/

/** Keras 2 and keras-applications had other names in a few places. */
const renamed: readonly [RegExp, string][] = [
  [/^(probs|Logits|fc1000)\//, 'predictions/'],
  [/^conv1\/(conv|bn)\//, 'conv1_$1/'],
  [/\/depthwise_kernel$/, '/kernel'],
  [/_layer_scale\/variable(_\d+)?$/i, '_layer_scale/gamma'],
]

/** The tensors that a file of `name` holds for `network`, with Keras' names and shapes, input statistics left out. */
export function kerasTensors(network: Network, name: KerasName): (ExpectedTensor & { parameter: Parameter })[] {
  const architecture: KerasArchitecture = kerasArchitectures[name]
  return network.parameters.all.flatMap((parameter) => {
    const { layer, weight } = kerasPlace(parameter, architecture)
    const tensor = { name: `${layer}/${weight}`, shape: kerasShape(parameter, architecture), parameter }
    const takesBias = architecture.convolutionBias && weight === 'moving_mean'
    return takesBias ? [tensor, { ...tensor, name: biasBefore(layer) }] : [tensor]
  })
}

/**
 * Writes every tensor into the network's parameter or buffer; nothing is written unless all fit. `file` names their source
 * in messages.
 * @returns what was left out, as sentences
 * @throws `data-format` with the missing and the unexpected names, or the shapes that differ, all in Keras' names and layout
 */
export function loadKerasWeights(
  network: Network,
  name: KerasName,
  tensors: readonly SafetensorsTensor[],
  file: string,
): string[] {
  const hasStatistics = (kerasArchitectures[name] as KerasArchitecture).inputStatistics ?? false
  const weights = tensors.filter((tensor) => !(hasStatistics && inputStatistics.test(tensor.name)))
  const current = weights.map((tensor) => ({ ...tensor, name: currentName(tensor.name) }))
  const pairs = matchTensors(kerasTensors(network, name), tensorsByName(current, file), file)
  const values = new Map<Parameter, Float32Array>()
  for (const { expected, tensor } of pairs) {
    const read = toFloat32(tensor)
    const before = values.get(expected.parameter)
    // A second tensor is the bias before batch normalisation: (x + b) - m = x - (m - b).
    values.set(expected.parameter, before ? before.map((mean, i) => mean - (read[i] as number)) : read)
  }
  for (const [{ variable }, each] of values) writeVariable(variable, each)
  if (weights.length === tensors.length) return []
  return ["The input's mean and variance became part of the preprocessing; their count was left out."]
}

function currentName(name: string): string {
  return renamed.reduce((current, [old, now]) => current.replace(old, now), name)
}

function kerasPlace({ name, role }: Parameter, { layerName }: KerasArchitecture): { layer: string; weight: string } {
  if (role === 'scale') return { layer: layerName(name), weight: 'gamma' }
  const dot = name.lastIndexOf('.')
  const ours = name.slice(dot + 1)
  const statistics: Record<string, string> = { running_mean: 'moving_mean', running_var: 'moving_variance' }
  const weights: Partial<Record<Parameter['role'], string>> = {
    'norm-weight': 'gamma',
    'norm-bias': 'beta',
    bias: 'bias',
  }
  return { layer: layerName(name.slice(0, dot)), weight: statistics[ours] ?? weights[role] ?? 'kernel' }
}

const biasBefore = (normLayer: string) => `${normLayer.replace(/_bn$/, '_conv')}/bias`

/** Kernels have one layout in both, but for depthwise layers, whose values lie in the same order. */
function kerasShape({ role, variable }: Parameter, { depthwiseLayers }: KerasArchitecture): readonly number[] {
  const [height = 1, width = 1, inputs, outputs = 1] = variable.shape
  if (depthwiseLayers && role === 'conv-weight' && inputs === 1) return [height, width, outputs, 1]
  return role === 'scale' ? [variable.size] : variable.shape
}
