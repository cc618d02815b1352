// The words of an alert of a run: its figures written in the reader's language.
import { type AlertKind, alertKinds, type RunAlert } from '../../../src-main/shared/run-alerts.ts'
import type { Numbers } from '../../i18n/numbers.ts'

export interface AlertWords {
  kind: AlertKind
  level: 'info' | 'warn' | 'error'
  values: Record<string, string | number>
}

type Writer = (value: number, numbers: Numbers) => string | number

const plain: Writer = (value) => value
const bytes: Writer = (value, numbers) => numbers.bytes(value)
const count: Writer = (value, numbers) => numbers.count(value)
const duration: Writer = (value, numbers) => numbers.duration(value)
const loss: Writer = (value, numbers) => numbers.loss(value)
const percent: Writer = (value, numbers) => numbers.percent(value)
const rate: Writer = (value, numbers) => numbers.rate(value)

/** How each figure of an alert is written; those that a sentence counts with, or compares, stay numbers. */
const writers: Record<string, Writer> = {
  backToStep: count,
  before: loss,
  bestEpoch: count,
  celsius: count,
  epoch: (value, numbers) => numbers.count(Math.max(1, Math.ceil(value))),
  epochs: plain,
  evaluations: plain,
  expectedSeconds: duration,
  factor: rate,
  freeBytes: bytes,
  limit: count,
  loss,
  lr: rate,
  neededBytes: bytes,
  nextDropEpoch: plain,
  seconds: duration,
  share: (value, numbers) => numbers.progress(value),
  step: count,
  testTop1: percent,
  trainTop1: percent,
}

/** What the sentence of `alert.kind` needs. Texts, such as the name of a layer, stay as they are. */
export function alertWords(alert: RunAlert, numbers: Numbers): AlertWords {
  const entries = Object.entries(alert.values).map(([key, value]) => [
    key,
    typeof value === 'number' ? (writers[key] ?? plain)(value, numbers) : value,
  ])
  return { kind: alert.kind, level: alertKinds[alert.kind], values: Object.fromEntries(entries) }
}

/** The section of Settings that holds the rule behind an alert, or null where it follows no rule of the user. */
export function ruleSection(kind: AlertKind): 'compute' | 'storage' | null {
  if (kind === 'too-hot' || kind === 'cooled-down') return 'compute'
  if (kind === 'disk-low' || kind === 'disk-recovered') return 'storage'
  return null
}
