// Errors in the reader's language. The engine writes English sentences with the figures in them; where a code says
// enough by itself, Chinese readers get its sentence and the original in the report.
import { describeError, type ErrorReport } from '../../src-main/shared/errors.ts'
import type { Language } from '../i18n/numbers.ts'
import { errorSentences } from '../i18n/zh/errors.ts'

export interface ErrorWords {
  message: string
  /** Expected, found and the way out. */
  lines: string[]
}

/** What to show of an error: the message, then what was expected and found, then what to do. */
export function errorWords(report: ErrorReport, language: Language): ErrorWords {
  const sentence = language === 'zh' ? errorSentences[report.code] : undefined
  if (sentence) {
    return {
      message: sentence.message,
      lines: [
        ...(report.found === undefined ? [report.message] : [`实际：${report.found}。`]),
        ...(sentence.fix === undefined ? [] : [sentence.fix]),
      ],
    }
  }
  const lines: string[] = []
  if (report.expected !== undefined) lines.push(`Expected: ${report.expected}.`)
  if (report.found !== undefined) lines.push(`Found: ${report.found}.`)
  if (report.fix !== undefined) lines.push(report.fix)
  return { message: report.message, lines: lines.map((line) => line.replace(/\.\.$/, '.')) }
}

/** The full report as text, to paste into a bug report. */
export function reportText(report: ErrorReport): string {
  const details = report.details === undefined ? [] : [JSON.stringify(report.details, null, 2)]
  return [`Reprise error: ${report.code}`, describeError(report), ...details].join('\n')
}
