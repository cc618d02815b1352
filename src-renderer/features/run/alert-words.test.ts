import i18next from 'i18next'
import { expect, test } from 'vitest'
import { type AlertKind, alertKinds, type RunAlert } from '../../../src-main/shared/run-alerts.ts'
import { setLanguage, startTranslations } from '../../i18n/i18n.ts'
import { numbersFor } from '../../i18n/numbers.ts'
import { alertWords, ruleSection } from './alert-words.ts'

/** Figures of each kind as its comment in run-alerts.ts names them. */
const values: Record<AlertKind, RunAlert['values']> = {
  'not-finite': { what: 'gradient', layer: 'layer2.0.conv1', step: 1840, lr: 0.8, backToStep: 1800 },
  'rate-lowered': { step: 1800, factor: 0.5, lr: 0.4 },
  diverging: { step: 400, loss: 4.2, before: 2.1 },
  flat: { epochs: 6, nextDropEpoch: 0 },
  'over-fitting': { trainTop1: 0.99, testTop1: 0.9241, bestEpoch: 90 },
  'slow-data': { share: 0.43 },
  'disk-low': { freeBytes: 2 ** 29, neededBytes: 3 * 2 ** 30 },
  'disk-recovered': { freeBytes: 4 * 2 ** 30 },
  'too-hot': { celsius: 85, limit: 83 },
  'cooled-down': { celsius: 77 },
  'memory-low': { freeBytes: 2 ** 28 },
  stuck: { seconds: 140, expectedSeconds: 45 },
  moving: { seconds: 181 },
  slept: { seconds: 5400 },
  resumed: { step: 20_000, epoch: 51.2, seconds: 8000 },
  'checkpoint-damaged': { file: 'seed-1-state-80.safetensors', reason: 'its hash differs' },
  'checkpoint-failed': { reason: 'no space is left' },
  'stopped-early': { evaluations: 20, bestEpoch: 90 },
}
const alert = (kind: AlertKind): RunAlert => ({ at: 0, seed: 1, step: 1, kind, values: values[kind] })

test.each(['en', 'zh'] as const)('every kind of alert has whole sentences in %s', (language) => {
  globalThis.document = { documentElement: {} } as Document
  startTranslations(language)
  setLanguage(language)
  for (const kind of Object.keys(alertKinds) as AlertKind[]) {
    const words = alertWords(alert(kind), numbersFor(language))
    const text = `${i18next.t(`run:alert.${kind}.title`, words.values)} ${i18next.t(`run:alert.${kind}.text`, words.values)}`
    expect(text).not.toMatch(/[{}]|undefined|NaN\b|run:/)
    // Every figure is told, but for those that only choose the words.
    for (const [key, value] of Object.entries(words.values)) {
      const chooses = (kind === 'flat' && key === 'nextDropEpoch') || key === 'what'
      const unsaid = (kind === 'diverging' && key === 'step') || (kind === 'resumed' && key === 'seconds')
      if (!chooses && !unsaid) expect(text).toContain(String(value))
    }
  }
})

test('figures are written by what they are: sizes, times, shares, rates', () => {
  const numbers = numbersFor('en')
  expect(alertWords(alert('disk-low'), numbers)).toMatchObject({
    level: 'warn',
    values: { freeBytes: '512\u00a0MB', neededBytes: '3.0\u00a0GB' },
  })
  expect(alertWords(alert('slow-data'), numbers).values.share).toBe('43\u00a0%')
  expect(alertWords(alert('resumed'), numbers).values).toMatchObject({ step: '20,000', epoch: '52' })
  expect(alertWords(alert('over-fitting'), numbers).values.testTop1).toBe('92.41\u00a0%')
})

test('only alerts that follow a limit of the user lead to it', () => {
  expect(ruleSection('too-hot')).toBe('compute')
  expect(ruleSection('disk-low')).toBe('storage')
  expect(ruleSection('diverging')).toBeNull()
})
