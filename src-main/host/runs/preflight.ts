// "Before the start": what a run will cost, whether it can run here, and whether a verdict can be reached.
import type { DatasetSummary, Preflight, PreflightCheck, SetupState, StartRunInput } from '../../shared/api.ts'
import { configDifferences, configField, withConfigValue } from '../../shared/config-fields.ts'
import { RepriseError } from '../../shared/errors.ts'
import { inputMisfit, trainingSize } from '../../shared/input-fit.ts'
import type { CacheKind } from '../../shared/picture-cache.ts'
import type { ProbeResult } from '../../shared/probe.ts'
import { configFromRecipe, type Recipe } from '../../shared/recipe.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { ownCopyMissing } from '../datasets/own-copy.ts'
import type { CostEstimator } from '../recipes/cost.ts'
import type { RecipeBook } from '../recipes/recipe-book.ts'
import { type CheckedPictures, cacheCheck, healthCheck } from './data-checks.ts'
import { line, type PreflightLine } from './preflight-line.ts'
import { diskCheck, diskNeed, memoryCheck, usedPictures } from './resource-checks.ts'
import { schedulePoints, trainingSteps } from './schedule-points.ts'
import { verdictCheck } from './verdict-forecast.ts'

export interface PreflightParts {
  book: RecipeBook
  costs: CostEstimator
  setup(): Promise<SetupState>
  /** Throws `unknown-dataset`. */
  dataset(id: string): DatasetSummary
  /** What its check found out; of nothing before it is ready or checked. */
  checkedPictures(id: string): CheckedPictures
  freeDiskBytes(): Promise<number>
  freeMemoryBytes(): number
  /** The newest probe of a config on this machine, or null. */
  probe(config: RunConfig): ProbeResult | null
  /** The device of the settings, for runs that leave the choice open. */
  defaultDevice(): string
}

/** A run as it would start. */
export interface PlannedRun {
  recipe: Recipe
  config: RunConfig
  preflight: Preflight
  /** Why it cannot start at all, by the line that says so. */
  refusals: { id: PreflightCheck['id']; error: RepriseError }[]
  /** The first of them, or null. */
  refusal: RepriseError | null
}

/** How often a run with all its seeds shows each training picture. */
function shownEpochs(config: RunConfig, data: DatasetSummary): number {
  const pictures = usedPictures(config, data)
  const { batchSize, accumulate } = config.train
  return (trainingSteps(config, pictures).total * batchSize * accumulate * config.seeds.count) / Math.max(pictures, 1)
}

function engineCheck(setup: SetupState): PreflightLine {
  const version = setup.version ?? ''
  if (setup.tensorflow === 'ready') return line('engine', 'pass', { state: 'ready', version })
  if (setup.tensorflow === 'installing') return line('engine', 'note', { state: 'installing', version })
  const refusal = new RepriseError(
    setup.error ?? {
      code: 'libtensorflow-missing',
      message: 'libtensorflow is not installed yet.',
      fix: 'Install it from Settings, or run "npm start".',
    },
  )
  return line('engine', 'fail', { state: setup.tensorflow, version }, { refusal })
}

function dataCheck(data: DatasetSummary): PreflightLine {
  const values = { dataset: data.label, state: data.status, downloadBytes: data.downloadBytes, path: data.path ?? '' }
  if (data.status === 'ready') return line('data', 'pass', values)
  if (data.status === 'failed') return line('data', 'fail', { ...values, reason: data.error?.message ?? '' })
  const missing = ownCopyMissing(data)
  if (missing) return line('data', 'fail', values, { refusal: missing })
  return line('data', 'note', values)
}

function inputCheck(config: RunConfig, { shape, label }: DatasetSummary): PreflightLine {
  const values = { shape: shape[0] > 0 ? shape.join(' × ') : '', size: trainingSize(config).join(' × ') }
  // A folder's pictures are not known before it is read; the training looks again.
  if (shape[2] === 0) return line('input', 'note', values)
  const misfit = inputMisfit(config, shape, label)
  if (misfit === null) return line('input', 'pass', values)
  return line('input', 'fail', { ...values, reason: `${misfit.message} ${misfit.fix}` }, { refusal: misfit })
}

/** Whoever stops by the test set has chosen by it; `values.every`: evaluations without a better one, 0 where it is off. */
function earlyStopCheck({ train, data }: RunConfig): PreflightLine {
  const values = { every: train.earlyStop, judgeOn: data.judgeOn }
  if (train.earlyStop === 0 || data.judgeOn === 'val') return line('early-stop', 'pass', values)
  const fix = { id: 'judge-on-val', changes: { 'data.judgeOn': 'val' }, values: {} } as const
  return line('early-stop', 'note', values, { fixes: [fix] })
}

function drawSchedule(recipe: Recipe, config: RunConfig, data: DatasetSummary): Pick<Preflight, 'schedule'> {
  try {
    const points = (of: RunConfig) => schedulePoints(of, usedPictures(of, data))
    return { schedule: { run: points(config), recipe: points(recipe.config) } }
  } catch (error) {
    if (error instanceof RepriseError) return {}
    throw error
  }
}

/** Throws `unknown-recipe`, `unknown-config-key`, `config-out-of-range` or `unknown-dataset`: such a run cannot be planned. */
export async function planRun(input: StartRunInput, parts: PreflightParts): Promise<PlannedRun> {
  const recipe = parts.book.get(input.recipeId)
  for (const key of Object.keys(input.changes)) configField(key)
  const asked = configFromRecipe(recipe, input.changes)
  const config =
    asked.compute.device === 'auto' ? withConfigValue(asked, 'compute.device', parts.defaultDevice()) : asked
  const data = parts.dataset(config.data.dataset)
  const probe = parts.probe(config)
  const perSeed = probe ? { seconds: probe.seedSeconds, measured: true } : parts.costs.perSeed(recipe, config)
  const changes = configDifferences(recipe.config, config)
  const [freeDiskBytes, freeMemoryBytes] = [await parts.freeDiskBytes(), parts.freeMemoryBytes()]
  const ready = data.status === 'ready'
  const checked = ready ? parts.checkedPictures(data.id) : { unreadable: 0, sizes: [] }
  const cache =
    ready && data.storage === 'files'
      ? cacheCheck(config, usedPictures(config, data) + data.test, checked, {
          epochs: shownEpochs(config, data),
          freeDiskBytes,
          freeMemoryBytes,
        })
      : null
  const cached = (kind: CacheKind) => (cache?.choice?.kind === kind ? cache.choice.bytes : 0)
  const lines: PreflightLine[] = [
    engineCheck(await parts.setup()),
    dataCheck(data),
    ...(ready ? [healthCheck(config, data, checked)] : []),
    inputCheck(config, data),
    ...(cache ? [cache] : []),
    diskCheck(config, data, { freeBytes: freeDiskBytes, cacheBytes: cached('disk') }),
    memoryCheck(config, data, { freeBytes: freeMemoryBytes, decodedBytes: cached('memory'), probe }),
    { check: verdictCheck(recipe, config, data) },
    earlyStopCheck(config),
    line('changes', changes.length === 0 ? 'pass' : 'note', { count: changes.length }),
  ]
  const refusals = lines.flatMap(({ check, refusal }) => (refusal ? [{ id: check.id, error: refusal }] : []))
  return {
    recipe,
    config,
    refusals,
    refusal: refusals[0]?.error ?? null,
    preflight: {
      checks: lines.map(({ check }) => check),
      secondsPerSeed: perSeed.seconds,
      secondsMeasured: perSeed.measured,
      seconds: perSeed.seconds * config.seeds.count,
      diskBytes: diskNeed(config, data),
      changes,
      probe,
      ...drawSchedule(recipe, config, data),
    },
  }
}
