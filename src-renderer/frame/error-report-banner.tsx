import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorReport } from '../../src-main/shared/errors.ts'
import { useLanguage } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { ErrorBanner } from '../ui/note.tsx'
import { showToast } from '../ui/toast.tsx'
import { errorWords, reportText } from './error-words.ts'

/** Puts the report of an error on the clipboard. */
export async function copyReport(report: ErrorReport, said: string): Promise<void> {
  await navigator.clipboard.writeText(reportText(report))
  showToast({ title: said })
}

export interface ErrorReportBannerProps {
  report: ErrorReport
  onRetry?: () => void
  actions?: ReactNode
  /** Inside a panel: without the margin of a view. */
  inline?: boolean
}

/** An error of the engine above a view: what, why, what to do; its report to copy. */
export function ErrorReportBanner({ report, onRetry, actions, inline = false }: ErrorReportBannerProps) {
  const { t } = useTranslation()
  const { message, lines } = errorWords(report, useLanguage())
  return (
    <ErrorBanner
      message={message}
      inline={inline}
      lines={lines}
      copyLabel={t('copyReport')}
      onCopy={() => void copyReport(report, t('reportCopied'))}
      actions={
        <>
          {actions}
          {onRetry && (
            <Button size="small" onClick={onRetry}>
              {t('tryAgain')}
            </Button>
          )}
        </>
      }
    />
  )
}
