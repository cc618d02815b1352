import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SourceLook } from '../../../src-main/shared/dataset-views.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './datasets.module.css'

const shownClasses = 12

/** What a path is: its kind, why it is taken for that, classes and pictures, and what adding will do. */
export function SourceLookCard({ look, looking }: { look: SourceLook; looking: boolean }) {
  const { t } = useTranslation('datasets')
  const numbers = useNumbers()
  const { classes, total } = look
  const facts = [
    ...(total === null ? [] : [t('pictureCount', { count: total })]),
    ...(classes.length > 0 ? [t('classList', { count: classes.length })] : []),
    t(look.storage === 'files' ? 'staysWhereItIs' : 'pixelsDecoded'),
  ]
  return (
    <div className={styles.look}>
      {looking ? <Spinner size={16} /> : <CircleCheck size={16} aria-hidden />}
      <div className={styles.lookWords}>
        <span>
          <b>{look.label}</b>
          <span className={styles.tag}>{t(`readers.${look.reader}`)}</span>
        </span>
        <span className={styles.text}>{look.reason}</span>
        <span className={styles.text}>{facts.join(' · ')}</span>
        {classes.length > 0 && (
          <span className={styles.classes}>
            {classes.slice(0, shownClasses).map((name) => (
              <span key={name} className={styles.class}>
                {name}
              </span>
            ))}
            {classes.length > shownClasses && (
              <span className={styles.text}>
                {t('moreClasses', { count: numbers.count(classes.length - shownClasses) })}
              </span>
            )}
          </span>
        )}
      </div>
    </div>
  )
}
