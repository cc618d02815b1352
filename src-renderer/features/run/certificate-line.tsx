// The resume test of a run in one line: passed, differing, or not made yet.
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import styles from './certificate.module.css'
import { certificateWords } from './certificate-words.ts'

export function CertificateLine({ certificate }: Pick<RunDetail, 'certificate'>) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  if (!certificate) return <span className={styles.quiet}>{t('certificate.none')}</span>
  const { key, values } = certificateWords(certificate, numbers)
  return (
    <span className={styles.line} data-sound={certificate.equal}>
      {certificate.equal ? <CircleCheck size={14} aria-hidden /> : <TriangleAlert size={14} aria-hidden />}
      <span>{t(`certificate.${key}`, values)}</span>
    </span>
  )
}
