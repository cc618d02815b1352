// Checkpoints: one safetensors file with PyTorch's names and layouts, written to a temporary name and renamed, with its hash
// in a manifest beside it.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RepriseError } from '../../shared/errors.ts'
import { float32Values, readSafetensors, type TensorToWrite, writeSafetensors } from '../formats/safetensors.ts'
import type { Network, Parameter } from '../nn/parameters.ts'
import { readVariableValues, type Variable, writeVariable } from '../tensorflow/variables.ts'
import { fromTorchLayout, toTorchLayout } from './torch-layout.ts'

export interface CheckpointFile {
  file: string
  seed: number
  kind: 'last' | 'best'
  step: number
  epoch: number
  bytes: number
  sha256: string
}

const manifestName = 'manifest.json'
const statePrefix = /^(optimizer\.[^.]+|raw)\./

/**
 * Writes the network and, for `last`, the state of the training: `optimizer.SLOT.PARAMETER`, `optimizer.step`, and where an
 * average is judged the weights themselves as `raw.PARAMETER`. Returns the manifest entry; `file` is relative to `dir`.
 */
export function writeCheckpoint(
  dir: string,
  network: Network,
  state: ReadonlyMap<string, Variable>,
  at: { seed: number; kind: 'last' | 'best'; step: number; epoch: number; model: string },
): CheckpointFile {
  mkdirSync(dir, { recursive: true })
  const tensors = network.parameters.all.map((p) => tensorOf(p.name, p, p.variable))
  if (at.kind === 'last') {
    const roles = new Map(network.parameters.all.map(({ name, role }) => [name, role]))
    for (const [name, variable] of state) {
      tensors.push(tensorOf(name, { role: roles.get(name.replace(statePrefix, '')) ?? 'buffer' }, variable))
    }
  }
  const metadata = {
    model: at.model,
    seed: String(at.seed),
    step: String(at.step),
    epoch: String(at.epoch),
    format: 'pt',
  }
  const bytes = writeSafetensors(tensors, metadata)
  const file = `seed-${at.seed}-${at.kind}.safetensors`
  writeWhole(join(dir, file), bytes)
  const entry: CheckpointFile = {
    file,
    seed: at.seed,
    kind: at.kind,
    step: at.step,
    epoch: at.epoch,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
  const others = readManifest(dir).filter((known) => known.file !== file)
  writeWhole(join(dir, manifestName), Buffer.from(`${JSON.stringify([...others, entry], null, 2)}\n`))
  return entry
}

/** Sets the network's parameters and buffers from a checkpoint. Throws `checkpoint-damaged` naming the file. */
export function readCheckpoint(dir: string, file: string, network: Network): void {
  const path = join(dir, file)
  const bytes = readFileSync(path)
  const expected = readManifest(dir).find((entry) => entry.file === file)?.sha256
  const found = createHash('sha256').update(bytes).digest('hex')
  if (expected !== found) throw damaged(path, `sha256 ${expected ?? 'in the manifest'}`, `sha256 ${found}`)
  const tensors = new Map(readSafetensors(bytes, path).tensors.map((tensor) => [tensor.name, tensor]))
  for (const parameter of network.parameters.all) {
    const tensor = tensors.get(parameter.name)
    if (!tensor) throw damaged(path, `a tensor ${parameter.name}`, 'none of that name')
    const values = fromTorchLayout(float32Values(tensor), parameter.variable.shape, parameter.role)
    writeVariable(parameter.variable, values)
  }
}

function readManifest(dir: string): CheckpointFile[] {
  try {
    return JSON.parse(readFileSync(join(dir, manifestName), 'utf8')) as CheckpointFile[]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw damaged(join(dir, manifestName), 'a list of checkpoints', (error as Error).message)
  }
}

function tensorOf(name: string, parameter: Pick<Parameter, 'role'>, variable: Variable): TensorToWrite {
  const { values, shape } = toTorchLayout(readVariableValues(variable), variable.shape, parameter.role)
  return { name, dtype: 'F32', shape, data: values }
}

function writeWhole(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.part`, bytes, { flush: true })
  renameSync(`${path}.part`, path)
}

function damaged(path: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'checkpoint-damaged',
    message: `The checkpoint ${path} is damaged.`,
    expected,
    found,
    fix: 'Take another checkpoint of the run, or run it again.',
  })
}
