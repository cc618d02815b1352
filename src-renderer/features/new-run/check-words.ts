// The sentences of "Before the start" and what mends a line; figures come from the engine's check.
import type { DatasetSummary, PreflightCheck } from '../../../src-main/shared/api.ts'
import type { newRun } from '../../i18n/en/new-run.ts'
import type { Numbers } from '../../i18n/numbers.ts'

type CheckKey = keyof (typeof newRun)['check']

export type CheckFix =
  | { kind: 'install' }
  | { kind: 'fetch'; datasetId: string }
  | { kind: 'show-data'; datasetId: string }
  | { kind: 'seeds'; count: number }
  | { kind: 'show-changes' }

export interface CheckWords {
  title: CheckKey
  /** A sentence of the language files, or words that come as they are. */
  detail: CheckKey | { plain: string }
  values: Record<string, string | number>
  fix: CheckFix | null
}

const number = (value: string | number | undefined) => Number(value ?? 0)

/** Seeds that a run should have at least for its spread to be known. */
const fewestSeeds = 3

function engineWords({ state, values }: PreflightCheck): CheckWords {
  const version = String(values.version ?? '')
  if (state === 'pass') {
    return { title: 'engineReady', detail: version ? 'engineVersion' : 'engineHere', values: { version }, fix: null }
  }
  if (state === 'note') return { title: 'engineInstalling', detail: 'engineWaits', values: {}, fix: null }
  return { title: 'engineMissing', detail: 'engineMissingText', values: {}, fix: { kind: 'install' } }
}

function dataWords({ state, values }: PreflightCheck, data: DatasetSummary | null, numbers: Numbers): CheckWords {
  const dataset = String(values.dataset ?? data?.label ?? '')
  const counts = { dataset, train: numbers.count(data?.train), test: numbers.count(data?.test) }
  if (state === 'pass') {
    if (data?.benchmark) return { title: 'dataReady', detail: 'dataReadyText', values: counts, fix: null }
    const by = data?.benchmarkBy
    const detail = by === 'counts' ? 'dataCountsText' : by === 'files' ? 'dataFilesText' : 'dataOwnText'
    return { title: 'dataOwn', detail, values: counts, fix: null }
  }
  const show: CheckFix | null = data ? { kind: 'show-data', datasetId: data.id } : null
  const canFetch = data !== null && data.source !== 'user'
  if (state === 'fail' && values.state === 'absent') {
    return { title: 'dataToBring', detail: 'dataToBringText', values: { dataset }, fix: show }
  }
  if (state === 'fail') {
    const reason = { plain: String(values.reason ?? '') }
    const fix: CheckFix | null = canFetch ? { kind: 'fetch', datasetId: data.id } : show
    return { title: 'dataFailed', detail: reason, values: { dataset }, fix }
  }
  if (data?.status === 'fetching') {
    const bytes = data.progress?.unit === 'bytes' ? data.progress : { done: 0, total: data.downloadBytes }
    return {
      title: 'dataFetching',
      detail: 'dataFetchingText',
      values: { dataset, done: numbers.bytes(bytes.done), total: numbers.bytes(bytes.total) },
      fix: show,
    }
  }
  return {
    title: 'dataAbsent',
    detail: 'dataAbsentText',
    values: { dataset, size: numbers.bytes(number(values.downloadBytes)) },
    fix: canFetch ? { kind: 'fetch', datasetId: data.id } : show,
  }
}

function healthWords({ values }: PreflightCheck, data: DatasetSummary | null): CheckWords {
  const fix: CheckFix | null = data ? { kind: 'show-data', datasetId: data.id } : null
  const counts = { unreadable: number(values.unreadable), problems: number(values.problems) }
  switch (values.reason) {
    case 'unchecked':
      return { title: 'healthUnchecked', detail: 'healthUncheckedText', values: {}, fix }
    case 'unreadable':
      return { title: 'healthUnreadable', detail: 'healthUnreadableText', values: counts, fix }
    case 'problems':
      return { title: 'healthProblems', detail: 'healthProblemsText', values: counts, fix }
    case 'known':
      return { title: 'healthSound', detail: 'healthKnownText', values: {}, fix: null }
    default:
      return { title: 'healthSound', detail: 'healthSoundText', values: {}, fix: null }
  }
}

function cacheWords({ state, values }: PreflightCheck, numbers: Numbers): CheckWords {
  const size = { size: numbers.bytes(number(values.bytes)) }
  if (state === 'fail') {
    return { title: 'cacheTooLarge', detail: { plain: String(values.reason ?? '') }, values: size, fix: null }
  }
  switch (values.kept) {
    case 'memory':
      return { title: 'cacheKept', detail: 'cacheMemoryText', values: size, fix: null }
    case 'disk':
      return { title: 'cacheKept', detail: 'cacheDiskText', values: size, fix: null }
    case 'none':
      return { title: 'cacheStreamed', detail: 'cacheStreamedText', values: size, fix: null }
    default:
      return { title: 'cacheUnknown', detail: 'cacheUnknownText', values: size, fix: null }
  }
}

function verdictWords(
  { state, values: found }: PreflightCheck,
  seedsText: (count: number) => string,
  numbers: Numbers,
) {
  const seeds = number(found.seeds)
  const values = {
    seeds,
    half: numbers.tolerance(number(found.half)),
    tolerance: numbers.tolerance(number(found.tolerance)),
  }
  const toDecide = number(found.seedsToDecide)
  const more: CheckFix | null = toDecide > 0 ? { kind: 'seeds', count: seeds + toDecide } : null
  const words = (title: CheckKey, detail: CheckKey, fix: CheckFix | null): CheckWords => ({
    title,
    detail,
    values,
    fix,
  })
  if (state === 'pass') return words('verdictYes', 'verdictYesText', null)
  switch (found.reason) {
    case 'one-seed': {
      const count = Math.max(fewestSeeds, seeds + toDecide)
      return {
        title: 'verdictOneSeed',
        detail: 'verdictOneSeedText',
        values: { needed: seedsText(count) },
        fix: { kind: 'seeds', count },
      } satisfies CheckWords
    }
    case 'spread-unknown':
      return words('verdictUnknown', 'verdictUnknownText', null)
    case 'interval-crosses-edge':
      return words('verdictWide', 'verdictWideText', more)
    case 'test-set-differs':
      return words('verdictTestSet', 'verdictTestSetText', null)
    default:
      return words('verdictOther', 'verdictOtherText', more)
  }
}

/** Words of one line. `data` is the data set the run uses, `seedsText` counts seeds in words. */
export function checkWords(
  check: PreflightCheck,
  context: { data: DatasetSummary | null; numbers: Numbers; seedsText: (count: number) => string },
): CheckWords {
  const { numbers, data } = context
  const sizes = {
    needed: numbers.bytes(number(check.values.neededBytes)),
    free: numbers.bytes(number(check.values.freeBytes)),
  }
  switch (check.id) {
    case 'engine':
      return engineWords(check)
    case 'data':
      return dataWords(check, data, numbers)
    case 'input': {
      const values = { shape: String(check.values.shape ?? ''), size: String(check.values.size ?? '') }
      if (check.state === 'note') return { title: 'inputLater', detail: 'inputLaterText', values, fix: null }
      return check.state === 'pass'
        ? { title: 'inputFits', detail: values.shape ? 'inputFitsText' : 'inputUnlikeText', values, fix: null }
        : { title: 'inputMisfit', detail: { plain: String(check.values.reason ?? '') }, values, fix: null }
    }
    case 'health':
      return healthWords(check, data)
    case 'cache':
      return cacheWords(check, numbers)
    case 'disk':
      return { title: check.state === 'fail' ? 'diskSmall' : 'diskFits', detail: 'diskText', values: sizes, fix: null }
    case 'memory':
      return {
        title: check.state === 'pass' ? 'memoryFits' : 'memoryShort',
        detail: check.values.by === 'measured' ? 'memoryMeasuredText' : 'memoryText',
        values: { ...sizes, predicted: numbers.bytes(number(check.values.predictedBytes)) },
        fix: null,
      }
    case 'verdict':
      return verdictWords(check, context.seedsText, numbers)
    case 'early-stop': {
      if (check.state !== 'pass') return { title: 'earlyStopTest', detail: 'earlyStopTestText', values: {}, fix: null }
      const off = check.values.every === 0
      return off
        ? { title: 'earlyStopOff', detail: 'earlyStopOffText', values: {}, fix: null }
        : { title: 'earlyStopVal', detail: 'earlyStopValText', values: {}, fix: null }
    }
    case 'changes': {
      const count = number(check.values.count)
      return count === 0
        ? { title: 'noChange', detail: 'noChangeText', values: {}, fix: null }
        : { title: 'changes', detail: 'changesText', values: { count }, fix: { kind: 'show-changes' } }
    }
  }
}
