import type { ReactNode } from 'react'
import text from '../styles/text.module.css'
import styles from './badge.module.css'

/** The yellow mark of what differs from the recipe: a word, or a count. `label` says what a bare count counts. */
export function ChangedTag({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <span className={styles.changed} title={label}>
      {children}
      {label && <span className={text.hidden}>{label}</span>}
    </span>
  )
}
