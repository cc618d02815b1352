import type { ReactNode } from 'react'
import styles from './settings.module.css'

/** One setting: its name, the control, a quiet sentence. */
export function Setting({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.setting}>
      <span className={styles.settingName}>{name}</span>
      {children}
      {hint && <span className={styles.hint}>{hint}</span>}
    </div>
  )
}
