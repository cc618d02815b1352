// Many runs from one: every value of some settings, or random ones.
import { z } from 'zod'

const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.number())])

const axisSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('values'), key: z.string(), values: z.array(fieldValue).min(1).max(1000) }),
  /** Drawn anew for each run of a random sweep; not allowed in a grid. */
  z.strictObject({
    kind: z.literal('range'),
    key: z.string(),
    min: z.number(),
    max: z.number(),
    scale: z.enum(['linear', 'log']),
    /** Draws whole numbers. */
    whole: z.boolean().default(false),
  }),
])

export const sweepSchema = z.strictObject({
  mode: z.enum(['grid', 'random']),
  axes: z.array(axisSchema).min(1).max(16),
  /** How many runs of a random sweep; a grid takes all. */
  count: z.int().min(1).max(1000).default(10),
  /** Of the draws. */
  seed: z.int().min(0).default(1),
})

export type Sweep = z.output<typeof sweepSchema>
export type SweepAxis = Sweep['axes'][number]

/** Most runs that one sweep may start. */
export const mostSweepRuns = 1000
