// One checkpoint: a safetensors file with PyTorch's names and layouts, and a JSON beside it with the hash of its bytes. Both are
// written to a temporary name, flushed and renamed, the JSON last: a file without it is not complete.
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RepriseError } from '../../shared/errors.ts'
import { type CheckpointEntry, checkpointEntrySchema, type SkippedCheckpoint } from '../../shared/saved-state.ts'
import {
  float32Values,
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsTensor,
  type TensorToWrite,
  writeSafetensors,
} from '../formats/safetensors.ts'
import type { Network, Parameter } from '../nn/parameters.ts'
import { readVariableValues, type Variable, writeVariable } from '../tensorflow/variables.ts'
import { fromTorchLayout, toTorchLayout } from './torch-layout.ts'

/** Names of what a file holds beside the weights, so that a training can go on. */
export const trainingStateName = /^(optimizer|raw|lookahead|loss_scale|record)\./

/** The parameter that a tensor of the state belongs to: `optimizer.momentum.conv1.weight` to `conv1.weight`. */
const statePrefix = /^(optimizer\.[^.]+|raw|lookahead)\./

/** Parameters and buffers of a network, to be written. */
export function networkTensors(network: Network): TensorToWrite[] {
  return network.parameters.all.map((parameter) => tensorOf(parameter.name, parameter.role, parameter.variable))
}

/** Variables of the state of a training by name, in the layout of the parameters that they belong to. */
export function stateTensors(network: Network, state: ReadonlyMap<string, Variable>): TensorToWrite[] {
  const roleOf = rolesOf(network)
  return [...state].map(([name, variable]) => tensorOf(name, roleOf(name), variable))
}

/**
 * Sets parameters, buffers and the state of a training from the tensors of a file. Throws `checkpoint-damaged` for one that is missing
 * or of another size; no variable has changed then.
 */
export function restoreTraining(
  network: Network,
  state: ReadonlyMap<string, Variable>,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  file: string,
): void {
  const roleOf = rolesOf(network)
  const ofState = [...state].map(([name, variable]) => ({ name, role: roleOf(name), variable }))
  const restored = [...network.parameters.all, ...ofState].map(({ name, role, variable }) => ({
    role,
    variable,
    values: savedValues(name, variable, tensors, file),
  }))
  for (const { role, variable, values } of restored) {
    writeVariable(variable, fromTorchLayout(values, variable.shape, role))
  }
}

/**
 * Writes a checkpoint into `dir`, which must exist, and returns its entry.
 * Throws `disk-full` or `checkpoint-unwritable`; what was there before is untouched then.
 */
export function writeCheckpoint(
  dir: string,
  about: Omit<CheckpointEntry, 'bytes' | 'sha256' | 'savedAt'>,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): CheckpointEntry {
  const bytes = writeSafetensors(tensors, { format: 'pt', ...metadata })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const entry: CheckpointEntry = { ...about, bytes: bytes.length, sha256, savedAt: Date.now() }
  const json = jsonName(entry.file)
  try {
    writeWhole(join(dir, entry.file), bytes)
    writeWhole(join(dir, json), Buffer.from(`${JSON.stringify(entry, null, 2)}\n`))
    flushFolder(dir)
  } catch (error) {
    for (const name of [`${entry.file}.part`, `${json}.part`, entry.file]) rmSync(join(dir, name), { force: true })
    throw unwritable(error as NodeJS.ErrnoException, join(dir, entry.file), bytes.length)
  }
  return entry
}

/** The complete checkpoints of a seed, oldest first, and JSON files that cannot be read as one. Hashes are not looked at. */
export function listCheckpoints(
  dir: string,
  seed: number,
): { entries: CheckpointEntry[]; damaged: SkippedCheckpoint[] } {
  const entries: CheckpointEntry[] = []
  const damaged: SkippedCheckpoint[] = []
  for (const name of namesIn(dir).filter((name) => name.startsWith(`seed-${seed}-`) && name.endsWith('.json'))) {
    const file = name.replace(/json$/, 'safetensors')
    const entry = checkpointEntrySchema.safeParse(parseJson(join(dir, name)))
    if (entry.success && entry.data.file === file && entry.data.seed === seed) entries.push(entry.data)
    else damaged.push({ file, reason: `${name} cannot be read` })
  }
  return { entries: entries.sort((a, b) => checkpointNumber(a.file) - checkpointNumber(b.file)), damaged }
}

/** The number of a checkpoint among those of its seed, at the end of its name; 0 where there is none. */
export function checkpointNumber(file: string): number {
  return Number(/-(\d+)\.safetensors$/.exec(file)?.[1] ?? 0)
}

/** Reads a whole checkpoint and holds it against its hash. Throws `checkpoint-damaged` naming the file. */
export function readCheckpoint(dir: string, entry: CheckpointEntry): SafetensorsFile {
  const path = join(dir, entry.file)
  const bytes = bytesOf(path)
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== entry.sha256) throw damagedCheckpoint(path, `sha256 ${entry.sha256}`, `sha256 ${found}`)
  return readSafetensors(bytes, path)
}

/** Deletes a checkpoint, its JSON first, so that no entry is left without its file. */
export function removeCheckpoint(dir: string, file: string): void {
  rmSync(join(dir, jsonName(file)), { force: true })
  rmSync(join(dir, file), { force: true })
}

/** Deletes what an interrupted writing has left of a seed: temporary files, and files without their JSON. */
export function removeLeftovers(dir: string, seed: number): void {
  const names = new Set(namesIn(dir))
  for (const name of names) {
    if (!name.startsWith(`seed-${seed}-`)) continue
    const isPart = name.endsWith('.part')
    // Checkpoints of versions that kept one manifest for all have no number at their end, and stay.
    const isBare = checkpointNumber(name) > 0 && !names.has(jsonName(name))
    if (isPart || isBare) rmSync(join(dir, name), { force: true })
  }
}

export function damagedCheckpoint(path: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'checkpoint-damaged',
    message: `The checkpoint ${path} is damaged.`,
    expected,
    found,
    fix: 'Take another checkpoint of the run, or run it again.',
  })
}

const jsonName = (file: string) => file.replace(/safetensors$/, 'json')

function rolesOf(network: Network): (name: string) => Parameter['role'] {
  const roles = new Map(network.parameters.all.map(({ name, role }) => [name, role]))
  return (name) => roles.get(name.replace(statePrefix, '')) ?? 'buffer'
}

function tensorOf(name: string, role: Parameter['role'], variable: Variable): TensorToWrite {
  const { values, shape } = toTorchLayout(readVariableValues(variable), variable.shape, role)
  return { name, dtype: 'F32', shape, data: values }
}

function savedValues(
  name: string,
  variable: Variable,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  file: string,
): Float32Array {
  const tensor = tensors.get(name)
  if (!tensor) throw damagedCheckpoint(file, `a tensor ${name}`, 'none of that name')
  const values = float32Values(tensor)
  if (values.length !== variable.size)
    throw damagedCheckpoint(file, `${variable.size} values in ${name}`, `${values.length}`)
  return values
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw damagedCheckpoint(path, 'a file that can be read', (error as Error).message)
  }
}

function writeWhole(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.part`, bytes, { flush: true })
  renameSync(`${path}.part`, path)
}

/** Makes renames in a folder outlive a power loss; Windows has no such call and needs none. */
function flushFolder(dir: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(dir, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function unwritable(error: NodeJS.ErrnoException, path: string, bytes: number): RepriseError {
  const isFull = error.code === 'ENOSPC' || error.code === 'EDQUOT'
  const needed = `${(bytes / 1e6).toFixed(1)} MB`
  return new RepriseError(
    {
      code: isFull ? 'disk-full' : 'checkpoint-unwritable',
      message: isFull ? `The disk is full: a checkpoint needs ${needed}.` : `The checkpoint ${path} cannot be written.`,
      expected: isFull ? `${needed} free` : 'a folder that can be written to',
      found: error.message,
      fix: isFull
        ? 'Free some space on the disk that holds the data folder, for example by emptying the bin; the checkpoints before it are whole.'
        : 'See whether the disk with the data folder is still there and writable; the checkpoints before it are whole.',
      details: { path, neededBytes: bytes },
    },
    { cause: error },
  )
}
