import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import { configField } from '../../../src-main/shared/config-fields.ts'
import { useConfigTexts } from '../../i18n/config-texts.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { type ProtocolLine, protocolLines } from './protocol-lines.ts'

/** The protocol of a recipe in the reader's language. */
export function useProtocolLines(summary: RecipeSummary): ProtocolLine[] {
  const { t } = useTranslation('recipes')
  const numbers = useNumbers()
  const texts = useConfigTexts()
  return useMemo(
    () =>
      protocolLines(summary, {
        words: (key, values) => t(key, values ?? {}),
        choice: (key, value) => texts.choice(configField(key), value),
        count: (value) => (Number.isInteger(value) ? numbers.count(value) : numbers.rate(value)),
        countShort: numbers.countShort,
        rate: numbers.rate,
        percent: (fraction) => numbers.percent(fraction, 0),
      }),
    [summary, t, numbers, texts],
  )
}
