// TensorFlow.js layers models: model.json with the topology of Keras and a manifest, and binary shards that hold the weights
// end to end (tfjs-core/src/io/types.ts and io_utils.ts), plain or quantised to 8 or 16 bits.
import { RepriseError } from '../../shared/errors.ts'
import { toFloat32 } from './float32-values.ts'
import { isRecord, type KerasWeights, readKerasModel } from './keras-layers.ts'
import { bytesPerValue, type SafetensorsDtype, type SafetensorsTensor } from './safetensors.ts'

interface ManifestGroup {
  paths: string[]
  weights: ManifestWeight[]
}

interface ManifestWeight {
  name: string
  shape: number[]
  dtype: SafetensorsDtype
  /** The stored type, and value = stored * scale + min; null when the values are stored as they are. */
  quantisation: { dtype: SafetensorsDtype; scale: number; min: number } | null
}

const dtypes: Record<string, SafetensorsDtype> = { float32: 'F32', int32: 'I32', bool: 'BOOL' }
const quantisedTypes: Record<string, SafetensorsDtype> = { uint8: 'U8', uint16: 'U16', float16: 'F16' }

/** The paths of the shards in the manifest, as they stand there. Throws `data-format` as `readTfjsLayersModel` does. */
export function shardPaths(model: Uint8Array, file: string): string[] {
  return manifestGroups(parse(model, file), file).flatMap(({ paths }) => paths)
}

/**
 * Reads a model from the bytes of model.json and of each shard by its path in the manifest; quantised weights become
 * float32. Throws `data-missing` for a shard that is not given, `data-truncated` and `data-format` for sizes and descriptions
 * that do not fit, for graph models, and for layers that Keras does not have.
 */
export function readTfjsLayersModel(
  model: Uint8Array,
  shards: ReadonlyMap<string, Uint8Array>,
  file: string,
): KerasWeights {
  const description = parse(model, file)
  if (description.format !== undefined && description.format !== 'layers-model') {
    throw refused(file, 'a layers model', String(description.format))
  }
  const topology = description.modelTopology
  const described = readKerasModel(isRecord(topology) ? (topology.model_config ?? topology) : topology, file)
  const tensors = manifestGroups(description, file).flatMap((group) => readGroup(group, shards, file))
  const names = new Set(tensors.map(({ name }) => name))
  if (tensors.length === 0 || names.size !== tensors.length) {
    throw refused(file, 'a manifest with each weight once', `${names.size} names for ${tensors.length} weights`)
  }
  return { tensors, model: described, notes: [] }
}

function readGroup(
  { paths, weights }: ManifestGroup,
  shards: ReadonlyMap<string, Uint8Array>,
  file: string,
): SafetensorsTensor[] {
  const parts = paths.map((path) => {
    const shard = shards.get(path)
    if (shard) return shard
    throw new RepriseError({
      code: 'data-missing',
      message: `${file} lacks its weights`,
      expected: `the file ${path} beside it`,
      found: 'none of that name',
      fix: 'Copy all files of the model into one folder.',
    })
  })
  const bytes = parts.length === 1 && parts[0] ? parts[0] : new Uint8Array(Buffer.concat(parts))
  let at = 0
  const tensors = weights.map((weight) => {
    const stored = weight.quantisation?.dtype ?? weight.dtype
    const size = weight.shape.reduce((product, axis) => product * axis, bytesPerValue[stored])
    if (!(at + size <= bytes.length)) throw wrongSize(file, 'data-truncated', at + size, bytes.length)
    const data = bytes.subarray(at, at + size)
    at += size
    return restored(weight, data)
  })
  if (at !== bytes.length) throw wrongSize(file, 'data-format', at, bytes.length)
  return tensors
}

function restored({ name, shape, dtype, quantisation }: ManifestWeight, data: Uint8Array): SafetensorsTensor {
  if (quantisation === null) return { name, dtype, shape, data }
  if (quantisation.dtype === 'F16') {
    return { name, dtype: 'F32', shape, data: bytesOf(toFloat32({ name, dtype: 'F16', shape, data })) }
  }
  const { scale, min } = quantisation
  const stored = quantisation.dtype === 'U8' ? data : new Uint16Array(new Uint8Array(data).buffer)
  return { name, dtype: 'F32', shape, data: bytesOf(Float32Array.from(stored, (value) => value * scale + min)) }
}

function manifestGroups(description: Record<string, unknown>, file: string): ManifestGroup[] {
  const groups = Array.isArray(description.weightsManifest) ? description.weightsManifest : []
  return groups.map((group) => groupOf(group, file))
}

function groupOf(group: unknown, file: string): ManifestGroup {
  const { paths, weights } = isRecord(group) ? group : {}
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string') || !Array.isArray(weights)) {
    throw refused(file, 'groups of paths and weights', JSON.stringify(group)?.slice(0, 200) ?? 'nothing')
  }
  return { paths, weights: weights.map((weight) => weightOf(weight, file)) }
}

function weightOf(weight: unknown, file: string): ManifestWeight {
  const { name, shape, dtype, quantization } = isRecord(weight) ? weight : {}
  const known = dtypes[String(dtype)]
  const isShape = Array.isArray(shape) && shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0)
  const { dtype: storedName, scale = 1, min = 0 } = isRecord(quantization) ? quantization : {}
  const stored = quantisedTypes[String(storedName)]
  const isSound =
    quantization === undefined ||
    (known === 'F32' && stored !== undefined && Number.isFinite(scale) && Number.isFinite(min))
  if (typeof name !== 'string' || known === undefined || !isShape || !isSound) {
    throw refused(file, 'weights by name, shape and type', JSON.stringify(weight)?.slice(0, 200) ?? 'nothing')
  }
  const quantisation = stored === undefined ? null : { dtype: stored, scale: Number(scale), min: Number(min) }
  return { name, shape, dtype: known, quantisation }
}

function parse(model: Uint8Array, file: string): Record<string, unknown> {
  try {
    const description: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(model))
    if (isRecord(description)) return description
  } catch {
    // Told below: what the parser says of binary bytes helps nobody.
  }
  throw refused(file, 'a model.json of TensorFlow.js', 'something else')
}

function bytesOf({ buffer }: Float32Array): Uint8Array {
  return new Uint8Array(buffer)
}

function wrongSize(
  file: string,
  code: 'data-truncated' | 'data-format',
  expected: number,
  found: number,
): RepriseError {
  return new RepriseError({
    code,
    message: `The shards of ${file} are too ${code === 'data-truncated' ? 'short' : 'long'}`,
    expected: `${expected} bytes`,
    found: `${found} bytes`,
    fix: 'Copy all files of the model again, from one conversion.',
  })
}

function refused(file: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} is no model of TensorFlow.js that can be read`,
    expected,
    found,
    fix: 'Convert the Keras model again with the format tfjs_layers_model.',
  })
}
