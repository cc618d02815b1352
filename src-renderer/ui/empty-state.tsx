import type { ReactNode } from 'react'
import styles from './empty-state.module.css'

/** Nothing here yet: one sentence, one button, one sample. */
export function EmptyState(props: { icon?: ReactNode; title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={styles.empty}>
      {props.icon && <span className={styles.icon}>{props.icon}</span>}
      <span className={styles.title}>{props.title}</span>
      {props.children && <span className={styles.text}>{props.children}</span>}
      {props.actions && <div className={styles.actions}>{props.actions}</div>}
    </div>
  )
}

const widths = [38, 92, 84, 64, 88, 71]

/** Grey lines while something is read: shown after 150 ms, `words` after 1 s. Never looks like "none". */
export function Skeleton({ lines = 4, words }: { lines?: number; words: string }) {
  return (
    <output className={styles.skeleton}>
      {widths.slice(0, lines).map((width) => (
        <div key={width} className={styles.line} style={{ width: `${width}%` }} />
      ))}
      <span className={styles.words}>{words}</span>
    </output>
  )
}
