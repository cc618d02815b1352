// Verdicts in a few words, and the spoken form of a verdict scale.
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Verdict } from '../../src-main/shared/verdict.ts'
import { useNumbers } from '../i18n/i18n.ts'
import { verdictHeadline } from './verdict-words.ts'

type OutcomeOf = Parameters<typeof verdictHeadline>[0]

/** The outcome as a label: how many settings are changed, and whether the test set is verified, belong to it. */
export function useOutcomeWords(): (verdict: OutcomeOf) => string {
  const { t } = useTranslation('sharedWords')
  return useCallback(
    (verdict) => {
      const { outcome, changedSettings } = verdictHeadline(verdict)
      const words =
        changedSettings > 0 ? t('reproducedWithChanges', { count: changedSettings }) : t(`verdict.${outcome}`)
      return verdict.testByCounts ? t('testNotVerified', { outcome: words }) : words
    },
    [t],
  )
}

/** Says a verdict in one line: "92.41 plus or minus 0.14, paper 93.03, tolerance 0.30: not reproduced". */
export function useVerdictLabel(): (verdict: Verdict) => string {
  const { t } = useTranslation('sharedWords')
  const numbers = useNumbers()
  const outcomeWords = useOutcomeWords()
  return useCallback(
    (verdict) => {
      const words = {
        paper: numbers.percentValue(verdict.paper),
        tolerance: numbers.percentValue(verdict.tolerance),
        outcome: outcomeWords(verdict).toLowerCase(),
      }
      if (verdict.mean === null) return t('scale.empty', words)
      const mean = numbers.percentValue(verdict.mean)
      if (verdict.half === null) return t('scale.withoutInterval', { ...words, mean })
      return t('scale.withInterval', { ...words, mean, half: numbers.percentValue(verdict.half) })
    },
    [t, numbers, outcomeWords],
  )
}
