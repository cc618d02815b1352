// Files of weights of any framework, told apart by their first bytes.
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RepriseError } from '../../shared/errors.ts'
import type { KerasWeights } from '../formats/keras-layers.ts'
import { matchKeras, readKerasWeights } from '../formats/keras-weights.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { readTfjsLayersModel, shardPaths } from '../formats/tfjs-layers.ts'
import { type NamedWeights, readTorchCheckpoint } from '../formats/torch-checkpoint.ts'
import { matchTorch } from '../formats/torch-containers.ts'
import { trainingStateName } from '../train/checkpoint.ts'

export type WeightFile = ({ framework: 'pytorch' } & NamedWeights) | ({ framework: 'keras' } & KerasWeights)

/**
 * Reads .pth, .pt and .safetensors files with PyTorch's names and layouts; .keras, .h5 and model.json of TensorFlow.js with
 * names LAYER/WEIGHT and Keras' layouts. Throws `data-missing` when a file cannot be opened, and what the readers throw:
 * `data-truncated`, `data-format`, `checkpoint-damaged`.
 */
export async function readWeightFile(path: string): Promise<WeightFile> {
  const bytes = await open(path)
  const file = basename(path)
  if (matchKeras(bytes)) return { framework: 'keras', ...(await readKerasWeights(bytes, file)) }
  if (matchTorch(bytes)) return { framework: 'pytorch', ...(await readTorchCheckpoint(bytes, file)) }
  if (beginsAsJson(bytes)) return { framework: 'keras', ...(await readWithShards(bytes, path)) }
  const { tensors, metadata } = readSafetensors(bytes, file)
  const isOurs = metadata.model !== undefined && metadata.step !== undefined
  const weights = isOurs ? tensors.filter(({ name }) => !trainingStateName.test(name)) : tensors
  const others = tensors.length - weights.length
  const notes = others === 0 ? [] : [`${others} tensors of the state of the training were left out.`]
  return { framework: 'pytorch', tensors: weights, notes }
}

async function readWithShards(model: Uint8Array, path: string): Promise<KerasWeights> {
  const file = basename(path)
  const shards = new Map<string, Uint8Array>()
  for (const shard of shardPaths(model, file)) {
    if (shard === basename(shard)) shards.set(shard, await open(join(dirname(path), shard)))
    else throw elsewhere(file, shard)
  }
  return readTfjsLayersModel(model, shards, file)
}

/** A safetensors file has zeros among its first eight bytes, which are a length. */
function beginsAsJson(bytes: Uint8Array): boolean {
  return /^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 8))) && !bytes.subarray(0, 8).includes(0)
}

async function open(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new RepriseError(
      {
        code: 'data-missing',
        message: `The weights ${path} cannot be opened`,
        expected: 'a .pth, .pt, .safetensors, .keras or .h5 file, or the model.json of TensorFlow.js with its shards',
        found: (error as Error).message,
        fix: 'Check the path and the permissions of the file.',
      },
      { cause: error },
    )
  }
}

function elsewhere(file: string, shard: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} names a file outside its folder`,
    expected: 'shards beside it',
    found: shard,
    fix: 'Get the model again from its source, with all files in one folder.',
  })
}
