import i18next from 'i18next'
import { toErrorReport } from '../../src-main/shared/errors.ts'
import { showToast } from '../ui/toast.tsx'
import { errorWords, reportText } from './error-words.ts'

/** Carries out an action of the reader; when it fails, a toast says why and offers the report. Null after a failure. */
export async function attempt<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    return await action()
  } catch (error) {
    const report = toErrorReport(error)
    const { message, lines } = errorWords(report, i18next.language === 'zh' ? 'zh' : 'en')
    showToast({
      title: message,
      ...(lines.length > 0 && { text: lines.join(' ') }),
      tone: 'danger',
      action: {
        label: i18next.t('copyReport'),
        onSelect: () => void navigator.clipboard.writeText(reportText(report)),
      },
    })
    return null
  }
}
