// What a training has saved, read as a reader outside would.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { float32Values, readSafetensors } from '../formats/safetensors.ts'
import { listCheckpoints } from './checkpoint.ts'

/** Bytes of every tensor in the newest state of a seed by name, and its metadata. */
export function newestState(dir: string, seed = 1) {
  const entry = listCheckpoints(dir, seed).entries.findLast(({ kind }) => kind === 'state')
  if (!entry) throw new Error(`no state of seed ${seed} in ${dir}`)
  const path = join(dir, entry.file)
  return { entry, ...readSafetensors(readFileSync(path), path) }
}

/** Weights and statistics of the newest state by name, in PyTorch's layout. */
export function savedWeights(dir: string, seed = 1): Map<string, Float32Array> {
  const floats = newestState(dir, seed).tensors.filter(({ dtype }) => dtype === 'F32')
  return new Map(floats.map((tensor) => [tensor.name, float32Values(tensor)]))
}
