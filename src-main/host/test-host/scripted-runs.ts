// Runs of the scripted worker, whose name says what it does.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunDetail, StartRunInput } from '../../shared/api.ts'
import { type TestHost, temporaryFolder, until } from './start-test-host.ts'

/** Queues a run and gives its id. */
export async function startScripted(
  host: TestHost,
  name: string,
  more: Partial<Omit<StartRunInput, 'name'>> = {},
): Promise<string> {
  const run = await host.client.runs.start.mutate({ recipeId: 'mnist-lenet5', name, changes: {}, ...more })
  return run.id
}

/** A run whose data set is being read without an end, once it waits for that. */
export async function runWithoutItsData(host: TestHost): Promise<{ id: string; dataset: string }> {
  const dataset = 'slow'
  const path = join(temporaryFolder(), dataset)
  mkdirSync(path)
  await host.client.datasets.add.mutate({ path })
  const id = await startScripted(host, 'finish', { changes: { 'data.dataset': dataset } })
  await until(async () => (await host.client.runs.get.query({ id })).live?.phase === 'data')
  return { id, dataset }
}

/** Lets a run that waits at step 10 go on. */
export function release(host: TestHost, id: string): void {
  writeFileSync(join(host.dataDir, 'runs', id, 'release'), '')
}

/** The run, once it has been evaluated at step 10. */
export function trainingRun(host: TestHost, id: string): Promise<RunDetail> {
  return until(async () => {
    const run = await host.client.runs.get.query({ id })
    return run.live?.phase === 'training' && run.live.step >= 10 && run.epochs.length > 0 ? run : null
  })
}
