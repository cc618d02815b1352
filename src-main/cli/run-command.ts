// `reprise run`: trains a recipe in the foreground and ends with the verdict.
import type { RunDetail, RunSummary } from '../shared/api.ts'
import { configDifferences } from '../shared/config-fields.ts'
import { fromErrorReport, RepriseError } from '../shared/errors.ts'
import { configFromRecipe } from '../shared/recipe.ts'
import { followRun } from './follow-run.ts'
import { type HostConnection, withHost } from './host-connection.ts'
import { duration, percent } from './number-words.ts'
import type { Output } from './output.ts'
import { type RunFlags, runChanges } from './run-changes.ts'
import { verdictLines } from './verdict-words.ts'

export interface TrainFlags extends RunFlags {
  name?: string | undefined
}

/**
 * Trains to the end, prints events and the result. Throws the run's own error when it fails, `cancelled` when it was
 * stopped before its end (after printing what it has).
 */
export function trainRecipe(recipeId: string, flags: TrainFlags, output: Output): Promise<void> {
  const changes = runChanges(flags)
  return withHost(async (host) => {
    const { recipe } = await host.call(host.client.recipes.get.query({ id: recipeId }))
    const config = configFromRecipe(recipe, changes)
    const differences = configDifferences(recipe.config, config)
    if (differences.length > 0) output.note(`Changed from the recipe: ${differences.map((d) => d.key).join(', ')}`)
    const name = flags.name === undefined ? {} : { name: flags.name }
    await trainToEnd(host, () => host.client.runs.start.mutate({ recipeId, changes, ...name }), output)
  })
}

/** Follows a run that `start` starts or lets go on, to its end; prints and throws as `trainRecipe` does. */
export async function trainToEnd(
  host: HostConnection,
  start: () => Promise<RunSummary>,
  output: Output,
): Promise<void> {
  const run = await followRun(host, start, output)
  if (run.status === 'failed') throw runFailure(run)
  output.event(runResult(run), () => resultText(run))
  if (run.status === 'stopped') throw stoppedEarly(run)
}

/** The last line of `run --json`. Accuracies are fractions; `seconds` is time spent training, over all seeds. */
export function runResult(run: RunDetail) {
  const results = run.seeds.flatMap(({ result }) => (result ? [result] : []))
  const newest = results.at(-1)
  return {
    type: 'result',
    runId: run.id,
    name: run.name,
    recipe: run.recipeId,
    status: run.status,
    top1: run.verdict?.mean ?? newest?.last.top1 ?? run.curve.at(-1) ?? null,
    epochs: newest?.last.epoch ?? run.epochs.at(-1)?.epoch ?? 0,
    seconds: results.reduce((sum, { trainSeconds }) => sum + trainSeconds, 0) || run.seconds,
    trainSeconds: results.map(({ trainSeconds }) => trainSeconds),
    verdict: run.verdict?.outcome ?? 'no-verdict',
    verdictDetails: run.verdict,
    seeds: results,
    changes: configDifferences(run.recipe.config, run.config),
    environment: run.environment,
    data: run.data,
  }
}

function resultText(run: RunDetail): string {
  const seeds = run.seeds.flatMap(({ seed, result }) =>
    result
      ? [
          `Seed ${seed}: last ${percent(result.last.top1)}, best ${percent(result.best.top1)} at epoch ${result.best.epoch}`,
        ]
      : [],
  )
  const head = `${run.name} (${run.id}) ${run.status} after ${duration(run.seconds)} of training.`
  return [head, ...seeds, ...(run.verdict ? verdictLines(run.verdict) : [])].join('\n')
}

function runFailure(run: RunDetail): RepriseError {
  if (run.error) return fromErrorReport({ ...run.error, details: { ...run.error.details, runId: run.id } })
  return new RepriseError({
    code: 'worker-died',
    message: `${run.name} (${run.id}) failed.`,
    fix: `Run "reprise runs show ${run.id}" to see how far it came.`,
  })
}

function stoppedEarly(run: RunDetail): RepriseError {
  return new RepriseError({
    code: 'cancelled',
    message: `${run.name} (${run.id}) was stopped before its planned length.`,
    fix: `What it has is kept: "reprise runs show ${run.id}"${run.interruption ? `; "reprise runs resume ${run.id}" goes on` : ''}.`,
  })
}
