// The saved states of the scripted worker: small, but named, hashed and noted as the product's own are.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CheckpointEntry, checkpointEntrySchema, type SkippedCheckpoint } from '../../shared/saved-state.ts'
import type { EpochResult, StepPoint } from '../../shared/worker-protocol.ts'

export interface ScriptedState {
  step: number
  points: StepPoint[]
  epochs: EpochResult[]
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const pathIn = (runDir: string, file: string) => join(runDir, 'checkpoints', file)
const entryOf = (file: string) => file.replace(/\.safetensors$/, '.json')

export function writeState(runDir: string, seed: number, stepsPerEpoch: number, state: ScriptedState): CheckpointEntry {
  const file = `seed-${seed}-state-${String(state.step).padStart(6, '0')}.safetensors`
  const bytes = Buffer.from(JSON.stringify(state))
  const entry: CheckpointEntry = {
    file,
    seed,
    kind: 'state',
    step: state.step,
    epoch: state.step / stepsPerEpoch,
    bytes: bytes.length,
    sha256: hash(bytes),
    savedAt: Date.now(),
    averaged: false,
    top1: state.epochs.at(-1)?.testTop1 ?? null,
  }
  writeFileSync(pathIn(runDir, file), bytes)
  writeFileSync(pathIn(runDir, entryOf(file)), JSON.stringify(entry))
  return entry
}

/** Removes all but the two newest states of a seed. @returns the files that it removed */
export function dropOldStates(runDir: string, seed: number): string[] {
  const old = statesOf(runDir, seed).slice(2)
  for (const { file } of old) {
    rmSync(pathIn(runDir, entryOf(file)))
    rmSync(pathIn(runDir, file))
  }
  return old.map(({ file }) => file)
}

function statesOf(runDir: string, seed: number): CheckpointEntry[] {
  return readdirSync(join(runDir, 'checkpoints'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => checkpointEntrySchema.parse(JSON.parse(readFileSync(pathIn(runDir, name), 'utf8'))))
    .filter((entry) => entry.seed === seed && entry.kind === 'state')
    .sort((a, b) => b.step - a.step)
}

/** The newest state whose hash is right, and those before which it was taken. */
export function readState(
  runDir: string,
  seed: number,
): { state: ScriptedState; entry: CheckpointEntry; skipped: SkippedCheckpoint[] } | null {
  const skipped: SkippedCheckpoint[] = []
  for (const entry of statesOf(runDir, seed)) {
    const bytes = readFileSync(pathIn(runDir, entry.file))
    if (hash(bytes) === entry.sha256) return { state: JSON.parse(bytes.toString()) as ScriptedState, entry, skipped }
    skipped.push({ file: entry.file, reason: 'its hash is another' })
  }
  return null
}
