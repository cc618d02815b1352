// "Before the start": what a run will cost, whether it can run here, and whether a verdict can be reached.
import type { DatasetSummary, Preflight, PreflightCheck, SetupState, StartRunInput } from '../../shared/api.ts'
import { configDifferences, configField, withConfigValue } from '../../shared/config-fields.ts'
import { RepriseError } from '../../shared/errors.ts'
import { inputMisfit, trainingSize } from '../../shared/input-fit.ts'
import { optimizerStateCopies } from '../../shared/optimizer-state.ts'
import { configFromRecipe, type Recipe } from '../../shared/recipe.ts'
import { models } from '../../shared/registry/models.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { ownCopyMissing } from '../datasets/own-copy.ts'
import type { CostEstimator } from '../recipes/cost.ts'
import type { RecipeBook } from '../recipes/recipe-book.ts'
import { type CheckedPictures, cacheCheck, type DataLine, healthCheck } from './data-checks.ts'
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
  /** The device of the settings, for runs that leave the choice open. */
  defaultDevice(): string
}

/** A run as it would start. */
export interface PlannedRun {
  recipe: Recipe
  config: RunConfig
  preflight: Preflight
  /** Why it cannot start at all, or null. */
  refusal: RepriseError | null
}

/** Kept free on the disk beside what the run needs. */
const diskMargin = 64 * 1024 ** 2
/** TensorFlow, its graph and the allocator's reserve, beside the data; measured on ResNet-20 with batch 128. */
const memoryBase = 900 * 1024 ** 2
/** Bytes of a step metric in the history, its indexes included. */
const stepBytes = 40

const finding = (
  id: PreflightCheck['id'],
  state: PreflightCheck['state'],
  values: PreflightCheck['values'],
  refusal?: RepriseError,
): DataLine => ({ check: { id, state, values, blocking: refusal !== undefined }, ...(refusal ? { refusal } : {}) })

const rawBytes = ({ train, test, shape }: DatasetSummary) => (train + test) * shape[0] * shape[1] * shape[2]

/**
 * Checkpoints (the judged weights of the last and the best epoch; of the last also the optimizer's state, and the weights
 * themselves where an average is judged), step metrics, and data that is still to come.
 */
export function diskNeed(config: RunConfig, data: DatasetSummary): number {
  const parameters = models[config.model.name as keyof typeof models].parameters
  const seeds = config.seeds.count
  const copies = 2 + optimizerStateCopies(config.optimizer) + (config.train.ema === 'none' ? 0 : 1)
  const checkpoints = parameters * 4 * copies * seeds
  const metrics = trainingSteps(config, usedPictures(config, data)).total * seeds * stepBytes
  const fetched = data.status === 'ready' ? 0 : data.downloadBytes + rawBytes(data)
  return checkpoints + metrics + fetched
}

export function usedPictures(config: RunConfig, data: DatasetSummary): number {
  return config.data.limitTrain > 0 ? Math.min(config.data.limitTrain, data.train) : data.train
}

/** How often a run with all its seeds shows each training picture. */
function shownEpochs(config: RunConfig, data: DatasetSummary): number {
  const pictures = usedPictures(config, data)
  const { batchSize, accumulate } = config.train
  return (trainingSteps(config, pictures).total * batchSize * accumulate * config.seeds.count) / Math.max(pictures, 1)
}

function engineCheck(setup: SetupState): DataLine {
  const version = setup.version ?? ''
  if (setup.tensorflow === 'ready') return finding('engine', 'pass', { state: 'ready', version })
  if (setup.tensorflow === 'installing') return finding('engine', 'note', { state: 'installing', version })
  const refusal = new RepriseError(
    setup.error ?? {
      code: 'libtensorflow-missing',
      message: 'libtensorflow is not installed yet.',
      fix: 'Install it from Settings, or run "npm start".',
    },
  )
  return finding('engine', 'fail', { state: setup.tensorflow, version }, refusal)
}

function dataCheck(data: DatasetSummary): DataLine {
  const values = { dataset: data.label, state: data.status, downloadBytes: data.downloadBytes, path: data.path ?? '' }
  if (data.status === 'ready') return finding('data', 'pass', values)
  if (data.status === 'failed') return finding('data', 'fail', { ...values, reason: data.error?.message ?? '' })
  const missing = ownCopyMissing(data)
  if (missing) return finding('data', 'fail', values, missing)
  return finding('data', 'note', values)
}

function inputCheck(config: RunConfig, { shape, label }: DatasetSummary): DataLine {
  const values = { shape: shape[0] > 0 ? shape.join(' × ') : '', size: trainingSize(config).join(' × ') }
  // A folder's pictures are not known before it is read; the training looks again.
  if (shape[2] === 0) return finding('input', 'note', values)
  const misfit = inputMisfit(config, shape, label)
  if (misfit === null) return finding('input', 'pass', values)
  return finding('input', 'fail', { ...values, reason: `${misfit.message} ${misfit.fix}` }, misfit)
}

function diskCheck(neededBytes: number, freeBytes: number): DataLine {
  const values = { neededBytes, freeBytes }
  if (freeBytes >= neededBytes + diskMargin) return finding('disk', 'pass', values)
  const refusal = new RepriseError({
    code: 'disk-too-small',
    message: 'The disk that holds the data folder is too small for this run.',
    expected: `${megabytes(neededBytes + diskMargin)} free`,
    found: `${megabytes(freeBytes)} free`,
    fix: 'Free some space, run fewer seeds, or set REPRISE_HOME to a folder on another disk.',
    details: values,
  })
  return finding('disk', 'fail', values, refusal)
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`
}

/** `decodedBytes`: of pictures in files that will be kept decoded in memory. */
function memoryCheck(data: DatasetSummary, decodedBytes: number, freeBytes: number): DataLine {
  const neededBytes = memoryBase + 2 * rawBytes(data) + decodedBytes
  return finding('memory', freeBytes >= neededBytes ? 'pass' : 'note', { neededBytes, freeBytes })
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
  const perSeed = parts.costs.perSeed(recipe, config)
  const changes = configDifferences(recipe.config, config)
  const diskBytes = diskNeed(config, data)
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
  const decodedBytes = cache?.choice?.kind === 'memory' ? cache.choice.bytes : 0
  const findings: DataLine[] = [
    engineCheck(await parts.setup()),
    dataCheck(data),
    ...(ready ? [healthCheck(config, data, checked)] : []),
    inputCheck(config, data),
    ...(cache ? [cache] : []),
    diskCheck(diskBytes + (cache?.choice?.kind === 'disk' ? cache.choice.bytes : 0), freeDiskBytes),
    memoryCheck(data, decodedBytes, freeMemoryBytes),
    { check: verdictCheck(recipe, config, data) },
    finding('changes', changes.length === 0 ? 'pass' : 'note', { count: changes.length }),
  ]
  return {
    recipe,
    config,
    refusal: findings.find((found) => found.refusal)?.refusal ?? null,
    preflight: {
      checks: findings.map((found) => found.check),
      secondsPerSeed: perSeed.seconds,
      secondsMeasured: perSeed.measured,
      seconds: perSeed.seconds * config.seeds.count,
      diskBytes,
      changes,
      ...drawSchedule(recipe, config, data),
    },
  }
}
