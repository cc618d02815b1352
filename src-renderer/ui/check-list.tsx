import { CircleCheck, OctagonAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './check-list.module.css'
import { classNames } from './class-names.ts'
import { Spinner } from './spinner.tsx'

export interface CheckLine {
  id: string
  state: 'pass' | 'note' | 'fail' | 'working'
  /** Spoken word for the state. */
  stateLabel: string
  title: ReactNode
  detail?: ReactNode
  /** A small button that mends it. */
  action?: ReactNode
}

const icons = {
  pass: <CircleCheck size={16} aria-hidden />,
  note: <TriangleAlert size={16} aria-hidden />,
  fail: <OctagonAlert size={16} aria-hidden />,
  working: <Spinner size={16} />,
}

/** Checks with their result and what to do about it. */
export function CheckList({ checks }: { checks: readonly CheckLine[] }) {
  return (
    <ul>
      {checks.map((check) => (
        <li key={check.id} className={styles.row}>
          <span className={classNames(styles.icon, styles[check.state])} role="img" aria-label={check.stateLabel}>
            {icons[check.state]}
          </span>
          <div className={styles.words}>
            <div className={styles.title}>{check.title}</div>
            {check.detail && <div className={styles.detail}>{check.detail}</div>}
          </div>
          {check.action}
        </li>
      ))}
    </ul>
  )
}
