// Why a run failed: what, why, what to do, and the last lines it wrote.
import { Copy, Repeat2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LogLine, RunDetail } from '../../../src-main/shared/api.ts'
import type { ErrorReport } from '../../../src-main/shared/errors.ts'
import { copyReport } from '../../frame/error-report-banner.tsx'
import { errorWords } from '../../frame/error-words.ts'
import { useLanguage } from '../../i18n/i18n.ts'
import { routePath } from '../../router/routes.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { logTime } from './log-lines.ts'
import { againAddress } from './run-actions.ts'
import styles from './run-screen.module.css'

const shownLines = 20

interface FailurePanelProps {
  run: RunDetail
  error: ErrorReport
  /** Lines whose end is shown; none where the console is no part of the view. */
  log: readonly LogLine[]
}

export function FailurePanel({ run, error, log }: FailurePanelProps) {
  const { t } = useTranslation(['run', 'sharedWords'])
  const { message, lines } = errorWords(error, useLanguage())
  const last = log.slice(-shownLines)
  // The newest line says most, so the list starts at its end.
  const toEnd = (node: HTMLPreElement | null) => {
    if (node) node.scrollTop = node.scrollHeight
  }
  const failed = run.status === 'failed'
  return (
    <div className={styles.failure}>
      <Note
        tone={failed ? 'danger' : 'warn'}
        title={message}
        actions={
          <>
            <ButtonLink size="small" href={againAddress(run)} icon={<Repeat2 size={14} />}>
              {t('runAgain')}
            </ButtonLink>
            <Button
              size="small"
              variant="ghost"
              icon={<Copy size={14} />}
              onClick={() => void copyReport(error, t('sharedWords:reportCopied'))}
            >
              {t('failed.copy')}
            </Button>
          </>
        }
      >
        {lines.join(' ')}
      </Note>
      {failed && last.length > 0 && (
        <section className={styles.lastLines}>
          <div className={styles.sideHead}>
            <h2>{t('failed.lastLines')}</h2>
            <a className={styles.small} href={routePath({ view: 'run', runId: run.id, tab: 'console' })}>
              {t('failed.allLines')}
            </a>
          </div>
          <pre ref={toEnd}>{last.map(({ at, text }) => `${logTime(at)}  ${text}`).join('\n')}</pre>
        </section>
      )}
    </div>
  )
}
