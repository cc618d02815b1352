// Sentences of findings. Their figures come with the finding; shares, ratios and means are written here by their rules.
import { useTranslation } from 'react-i18next'
import type { Finding } from '../../../../src-main/shared/dataset-views.ts'
import { findingSources } from '../../../../src-main/shared/registry/finding-effects.ts'
import { useNumbers } from '../../../i18n/i18n.ts'
import type { Numbers } from '../../../i18n/numbers.ts'

export interface FindingWords {
  title: string
  /** What was found, with its figures. */
  text: string
  /** What it usually does to accuracy; empty for what passed. */
  effect: string
}

/**
 * Figures of a finding for its sentences. Whole numbers stay numbers, for plurals and grouping; shares become percent, other
 * fractions text; a word that is missing becomes `none`, which sentences can choose by.
 */
export function findingFigures({ count, values }: Pick<Finding, 'count' | 'values'>, numbers: Numbers) {
  const write = (name: string, value: string | number) => {
    if (typeof value === 'string') return value === '' ? 'none' : value
    if (name === 'share') return numbers.percent(value, value > 0 && value < 0.001 ? 2 : 1)
    if (name === 'ratio') return numbers.speed(Number(value.toPrecision(2)))
    if (name === 'difference') return value.toFixed(3)
    return Number.isInteger(value) ? value : numbers.speed(value)
  }
  const figures: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(values)) figures[name] = write(name, value)
  return { ...figures, count }
}

/** Writer of a finding's words in the present language. */
export function useFindingWords(): (finding: Finding) => FindingWords {
  const { t } = useTranslation('health')
  const numbers = useNumbers()
  // Each kind has its own figures, which no type knows; a test gives every sentence those of the check.
  const say = t as (key: string, figures: object) => string
  return (finding) => {
    const { kind, severity } = finding
    const figures = findingFigures(finding, numbers)
    const write = (part: 'title' | 'text' | 'effect' | 'passed' | 'passedText') =>
      say(`findings.${kind}.${part}`, figures)
    if (severity === 'passed') return { title: write('passed'), text: write('passedText'), effect: '' }
    const source = findingSources[kind]
    const effect = source === null ? write('effect') : `${write('effect')} (${source})`
    return { title: write('title'), text: write('text'), effect }
  }
}
