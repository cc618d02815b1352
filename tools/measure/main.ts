// Trains a recipe on this machine and keeps the result under resources/results/, seed by seed.
// node tools/measure/main.ts RECIPE [--seeds N] [--set key=value]... [--datasets DIR] [--shared] [--checkpoints DIR]
// With --checkpoints a measurement that was broken off goes on from its newest saved state.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startTensorFlow } from '../../src-main/engine/tensorflow/backend.ts'
import { findLibtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import { type SeedReports, trainSeed } from '../../src-main/engine/train/seed-training.ts'
import { dataFolder } from '../../src-main/launch/data-folder.ts'
import { configField, parseFieldText } from '../../src-main/shared/config-fields.ts'
import { describeError, toErrorReport } from '../../src-main/shared/errors.ts'
import { configFromRecipe, parseRecipe } from '../../src-main/shared/recipe.ts'
import { pointsOf } from '../../src-main/shared/seed-record.ts'
import type { EpochResult, StepPoint } from '../../src-main/shared/worker-protocol.ts'
import { loadTrainingData } from '../../src-main/worker/training-data.ts'
import { measuredEntry, resultFile, type SeedMeasurement, thinned } from './result-file.ts'

const root = new URL('../../', import.meta.url)
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    datasets: { type: 'string' },
    shared: { type: 'boolean', default: false },
    checkpoints: { type: 'string' },
  },
})

async function measure(): Promise<void> {
  const id = positionals[0] ?? ''
  const recipeFile = new URL(`resources/recipes/${id}.json`, root)
  const recipe = parseRecipe(readFileSync(recipeFile, 'utf8'), `${id}.json`)
  const changes = options.set.map((text) => {
    const [key = '', value = ''] = text.split(/=(.*)/s)
    return [key, parseFieldText(configField(key), value)] as const
  })
  const config = configFromRecipe(recipe, Object.fromEntries(changes))
  const runtime = await startTensorFlow((await findLibtensorflow()).folder, { intraThreads: config.compute.threads })
  const datasetsDir = options.datasets ?? join(dataFolder(), 'datasets')
  const seedCount = Number(options.seeds ?? config.seeds.count)
  const job = { config, datasetsDir, seeds: Array.from({ length: seedCount }, (_, i) => config.seeds.first + i) }
  const dataset = await loadTrainingData(job, () => {}, new AbortController().signal)
  const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }
  const source = `resources/results/${id}-${config.compute.precision}.json`

  const seeds: SeedMeasurement[] = []
  const never = { now: new AbortController().signal, afterEpoch: false }
  for (let seed = config.seeds.first; seeds.length < seedCount; seed++) {
    let points: StepPoint[] = []
    let epochs: EpochResult[] = []
    const reports: SeedReports = {
      phase: () => {},
      start: () => {},
      steps: (more) => points.push(...more),
      epoch: (result) => {
        epochs.push(result)
        process.stderr.write(
          `seed ${seed} epoch ${result.epoch.toFixed(2)} top-1 ${(100 * result.testTop1).toFixed(2)} %\n`,
        )
      },
      dataWait: () => {},
      resumed: (_from, _seconds, record) => {
        points = pointsOf(record)
        epochs = record.epochs
      },
    }
    const checkpoints = options.checkpoints === undefined ? {} : { checkpoints: options.checkpoints }
    const { result } = await trainSeed(runtime, dataset, config, seed, reports, never, checkpoints)
    if (result) seeds.push({ seed, result, epochs, loss: thinned(points) })
    const about = {
      date: new Date().toISOString().slice(0, 10),
      versions: { reprise: manifest.version, tensorflow: runtime.version, node: process.versions.node },
      machineShared: options.shared,
    }
    const file = resultFile(recipe, config, dataset.summary, seeds, about)
    writeFileSync(new URL(source, root), `${JSON.stringify(file, null, 1)}\n`)
    process.stdout.write(`${JSON.stringify(measuredEntry(file, source))}\n`)
  }
}

try {
  await measure()
  process.exit(0)
} catch (error) {
  process.stderr.write(`${describeError(toErrorReport(error))}\n`)
  process.exit(1)
}
