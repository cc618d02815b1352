// What is saved of a training, how it was broken off, and from where it goes on. Times are ms since 1970.
import { z } from 'zod'

/**
 * `state`: everything a training needs to go on, with the judged weights. `best`: the weights of the best evaluation so far.
 * `epoch`: weights kept every few epochs.
 */
export const checkpointKinds = ['state', 'best', 'epoch'] as const
export type CheckpointKind = (typeof checkpointKinds)[number]

/** One checkpoint; it stands as JSON beside its file, NAME.json beside NAME.safetensors, and is written after it. */
export const checkpointEntrySchema = z.strictObject({
  /** Name of the safetensors file in `checkpoints/` of the run. */
  file: z.string().regex(/^[\w-]+\.safetensors$/),
  seed: z.int(),
  kind: z.enum(checkpointKinds),
  step: z.int().min(0),
  /** Epochs completed; may be fractional. */
  epoch: z.number().min(0),
  bytes: z.int().min(0),
  /** Of the whole file. */
  sha256: z.string(),
  savedAt: z.number(),
  /** The weights under their plain names are a moving average. */
  averaged: z.boolean(),
  /** Test top-1 of these weights, or null where they were not judged. */
  top1: z.number().nullable(),
})
export type CheckpointEntry = z.output<typeof checkpointEntrySchema>

/** A checkpoint that was passed over when a run went on. */
export interface SkippedCheckpoint {
  file: string
  reason: string
}

/** Why a run is not at its end. */
export const interruptionCauses = [
  'paused', // by the user
  'guard', // paused by a guard; the alert says which
  'stopped', // by the user, who keeps what there is
  'closed', // the host ended while it trained
  'host-died', // found at the next start, on the same boot of the machine
  'power-loss', // found at the next start, after the machine had started anew
  'worker-died',
  'out-of-memory',
  'not-finite',
  'disk-full',
  'failed', // anything else, named by the error of the run
] as const
export type InterruptionCause = (typeof interruptionCauses)[number]

/** Where and why a run was broken off, and from where it can go on. */
export interface Interruption {
  cause: InterruptionCause
  /** When it last gave a sign of life. */
  at: number
  /** The seed that was training; null before the first step. */
  seed: number | null
  step: number
  epoch: number
  /** The newest whole state of that seed, or null where it begins anew. */
  saved: { step: number; epoch: number; savedAt: number } | null
  /** Seconds of training since that state, which will be repeated. */
  repeatedSeconds: number
}

/** What may be changed when a run goes on; it is kept with the run, and the verdict tells of it. */
export interface ResumeChange {
  /** Multiplies every learning rate from here on. */
  lrScale?: number | undefined
}

/** A change that was made when a run went on, or by the run itself. */
export interface AppliedChange extends ResumeChange {
  seed: number
  step: number
  at: number
  by: 'user' | 'run'
}
