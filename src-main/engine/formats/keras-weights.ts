// Weights that Keras saved, as tensors named LAYER/WEIGHT in Keras' own layouts (HWIO; [in, out]): whole models as .h5
// (keras/src/legacy/saving/legacy_h5_format.py) and .keras archives (keras/src/saving/saving_lib.py).
import { RepriseError } from '../../shared/errors.ts'
import { type Hdf5Group, matchHdf5, withHdf5 } from './hdf5.ts'
import { type KerasLayer, type KerasWeights, readKerasModel } from './keras-layers.ts'
import type { SafetensorsTensor } from './safetensors.ts'
import { matchZip, readZip } from './zip.ts'

const archiveEntries = ['metadata.json', 'config.json', 'model.weights.h5']

/** True for HDF5 files and for zip archives that begin as Keras' own do. */
export function matchKeras(bytes: Uint8Array): boolean {
  if (!matchZip(bytes)) return matchHdf5(bytes)
  // The name of the first entry lies after 30 bytes of its header.
  const start = new TextDecoder().decode(bytes.subarray(30, 60))
  return archiveEntries.some((name) => start.startsWith(name))
}

/**
 * Reads a .h5 or .keras file; every tensor of the model is in the result, the state of an optimizer is not. Throws
 * `data-format` when the file is damaged, needs a layer that Keras does not have, or holds weights that its layers do not
 * name.
 */
export async function readKerasWeights(bytes: Uint8Array, file: string): Promise<KerasWeights> {
  if (matchHdf5(bytes)) return withHdf5(bytes, file, (root) => readLegacy(root, file))
  const entries = await readZip(bytes, file)
  const [config, weights] = [entries.get('config.json'), entries.get('model.weights.h5')]
  if (!config || !weights) throw refused(file, 'config.json and model.weights.h5', [...entries.keys()].join(', '))
  const model = readKerasModel(parseJson(new TextDecoder().decode(config), file), file)
  return withHdf5(weights, file, (root) => ({
    tensors: readArchive(root, model.layers, file),
    model,
    notes: leftOut(root.groups.get('optimizer')),
  }))
}

/** `layer_names` of the model, `weight_names` of each layer, and one dataset for each. */
function readLegacy(root: Hdf5Group, file: string): KerasWeights {
  const config = root.attributes.get('model_config')
  const model = root.groups.get('model_weights') ?? root
  const tensors: SafetensorsTensor[] = []
  for (const layerName of namesIn(model, 'layer_names')) {
    const layer = groupAt(model, layerName)
    if (!layer) throw refused(file, `the layer ${layerName}`, 'none of that name')
    for (const weightName of namesIn(layer, 'weight_names')) {
      const slash = weightName.lastIndexOf('/')
      const holder = slash === -1 ? layer : groupAt(layer, weightName.slice(0, slash))
      const dataset = holder?.datasets.get(weightName.slice(slash + 1))
      if (!dataset) throw refused(file, `the weight ${weightName} of ${layerName}`, 'none of that name')
      const plain = weightName.replace(/:0$/, '')
      tensors.push(dataset.read(plain.startsWith(`${layerName}/`) ? plain : `${layerName}/${plain}`))
    }
  }
  return {
    tensors: complete(tensors, countDatasets(model), file),
    model: typeof config === 'string' ? readKerasModel(parseJson(config, file), file) : null,
    notes: leftOut(root.groups.get('optimizer_weights')),
  }
}

/** Names with slashes are groups within groups. */
function groupAt(group: Hdf5Group, path: string): Hdf5Group | undefined {
  return path.split('/').reduce<Hdf5Group | undefined>((at, part) => at?.groups.get(part), group)
}

function leftOut(optimizer: Hdf5Group | undefined): string[] {
  const count = optimizer ? countDatasets(optimizer) : 0
  return count === 0 ? [] : [`${count} tensors of the state of the optimizer were left out.`]
}

/** `layers/CLASS_N/vars/I`, numbered within each class in the order of the configuration. */
function readArchive(root: Hdf5Group, layers: readonly KerasLayer[], file: string): SafetensorsTensor[] {
  const holder = root.groups.get('layers')
  if (!holder) throw refused(file, 'a group of layers', [...root.groups.keys()].join(', '))
  const tensors: SafetensorsTensor[] = []
  collect(holder, layers, '')
  return complete(tensors, countDatasets(holder), file)

  function collect(within: Hdf5Group, list: readonly KerasLayer[], prefix: string): void {
    const used = new Map<string, number>()
    for (const layer of list) {
      const base = snakeCase(layer.className)
      const count = used.get(base) ?? 0
      used.set(base, count + 1)
      const group = within.groups.get(count === 0 ? base : `${base}_${count}`)
      const inner = group?.groups.get('layers')
      if (layer.layers !== null && inner) collect(inner, layer.layers, `${prefix}${layer.name}/`)
      const variables = group?.groups.get('vars')?.datasets ?? new Map()
      const names = weightNames(layer)
      for (let i = 0; i < variables.size; i++) {
        const name = `${prefix}${layer.name}/${names[i] ?? i}`
        const dataset = variables.get(String(i))
        if (!dataset) throw refused(file, `the variable ${i} of ${layer.name}`, 'none of that number')
        tensors.push(dataset.read(name))
      }
    }
  }
}

/** Names in the order that Keras creates the variables of a layer in. */
function weightNames({ className, config }: KerasLayer): string[] {
  const normalisation = [config.scale === false ? [] : 'gamma', config.center === false ? [] : 'beta'].flat()
  const bias = config.use_bias === false ? [] : ['bias']
  if (className === 'Normalization') return ['mean', 'variance', 'count']
  if (className === 'LayerScale') return ['gamma']
  if (className === 'BatchNormalization') return [...normalisation, 'moving_mean', 'moving_variance']
  if (className === 'LayerNormalization' || className === 'GroupNormalization') return normalisation
  if (/^Separable/.test(className)) return ['depthwise_kernel', 'pointwise_kernel', ...bias]
  return /^(Dense|Conv|DepthwiseConv)/.test(className) ? ['kernel', ...bias] : []
}

/** keras/src/utils/naming.py: Conv2D is conv2d, BatchNormalization is batch_normalization. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}

/** A list of texts; long ones are cut in pieces NAME0, NAME1, since HDF5 limits an attribute to 64 KiB. */
function namesIn(group: Hdf5Group, name: string): string[] {
  const whole = group.attributes.get(name)
  if (whole !== undefined) return [whole].flat()
  const names: string[] = []
  for (let i = 0; group.attributes.has(`${name}${i}`); i++)
    names.push(...[group.attributes.get(`${name}${i}`) ?? []].flat())
  return names
}

/** All but the states of random generators. */
function countDatasets(group: Hdf5Group): number {
  let count = group.datasets.size
  for (const [name, inner] of group.groups) if (name !== 'seed_generator') count += countDatasets(inner)
  return count
}

function complete(tensors: SafetensorsTensor[], count: number, file: string): SafetensorsTensor[] {
  const names = new Set(tensors.map(({ name }) => name))
  if (tensors.length !== count || names.size !== count || count === 0) {
    throw refused(file, 'every weight named once by a layer', `${names.size} names for ${count} weights`)
  }
  return tensors
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refused(file, 'a configuration in JSON', (error as Error).message)
  }
}

function refused(file: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} does not hold a model of Keras that can be read`,
    expected,
    found,
    fix: 'Save the whole model again with Keras: model.save("name.keras").',
  })
}
