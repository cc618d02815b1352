// A recipe: a full config plus the paper it comes from. Files: resources/recipes/*.json.
import { z } from 'zod'
import { parseRunConfig } from './config-fields.ts'
import { RepriseError } from './errors.ts'
import { type RunConfig, runConfigSchema } from './run-config.ts'

const fraction = z.number().min(0).max(1)

export const measuredSchema = z.strictObject({
  /** Hardware in words, versions, date of the measurement. */
  hardware: z.string(),
  versions: z.string(),
  date: z.string(),
  precision: z.enum(['fp32', 'bf16', 'fp16']),
  /** Final top-1 of each seed, as fractions. */
  top1: z.array(fraction),
  secondsPerSeed: z.array(z.number().positive()),
  /** File under resources/results/ that holds the table and the curves. */
  source: z.string(),
})

export const recipeSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  /** What sets it apart from other recipes of its network and paper, in a word or two. */
  variant: z.string().default(''),
  paper: z.strictObject({
    /** Short form, such as "He et al. 2015". */
    citation: z.string(),
    title: z.string(),
    url: z.string(),
    /** Where in the paper the figure stands. */
    place: z.string(),
    figure: fraction,
    metric: z.literal('top1'),
    /** How many seeds the paper's figure is taken over; null when it does not say. */
    seeds: z.int().min(1).nullable(),
    /** Published sample standard deviation over seeds, when there is one. */
    std: fraction.nullable(),
    /** Where `std` is published. */
    stdSource: z.string().nullable(),
  }),
  /** Plain sentences: where this recipe is known to differ from the paper, and why. */
  deviations: z.array(z.string()),
  /** Known traps when reproducing it. */
  traps: z.array(z.strictObject({ key: z.string(), text: z.string() })),
  /** Measured or estimated cost of one seed on 2 CPU cores, in seconds, and in which precision. */
  cost: z.strictObject({ seconds: z.number().positive(), measured: z.boolean() }),
  measured: z.array(measuredSchema).default([]),
  config: runConfigSchema,
})

export type Recipe = z.output<typeof recipeSchema>
export type MeasuredResult = z.output<typeof measuredSchema>

/** Parses the text of a recipe file. Throws `recipe-invalid` naming the file and the place in it. */
export function parseRecipe(text: string, file: string): Recipe {
  const invalid = (found: string) =>
    new RepriseError({
      code: 'recipe-invalid',
      message: `The recipe ${file} cannot be read.`,
      expected: 'JSON in the form of the recipes that ship with the app',
      found,
      fix: 'Correct the file or remove it; the other recipes are not affected.',
    })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw invalid((error as Error).message)
  }
  const result = recipeSchema.safeParse(json)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw invalid(`${issue?.message ?? 'no recipe'} at ${issue?.path.join('.') || 'the top'}`)
}

/** The recipe's config with `changes` (dotted key to value) applied. */
export function configFromRecipe(recipe: Recipe, changes: Record<string, unknown> = {}): RunConfig {
  const copy = structuredClone(recipe.config) as Record<string, Record<string, unknown>>
  for (const [key, value] of Object.entries(changes)) {
    const [section = '', name = ''] = key.split('.')
    copy[section] = { ...copy[section], [name]: value }
  }
  return parseRunConfig(copy)
}
