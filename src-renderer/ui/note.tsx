import { CircleAlert, Info, OctagonAlert, RefreshCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './note.module.css'

export type NoteTone = 'plain' | 'info' | 'warn' | 'danger'

const icons = {
  plain: CircleAlert,
  info: Info,
  warn: TriangleAlert,
  danger: OctagonAlert,
} as const

export interface NoteProps {
  tone?: NoteTone
  title?: ReactNode
  children?: ReactNode
  actions?: ReactNode
  icon?: ReactNode
}

/** A remark inside a page: one bold sentence, a quiet explanation, small buttons. */
export function Note({ tone = 'plain', title, children, actions, icon }: NoteProps) {
  const Icon = icons[tone]
  return (
    <div className={classNames(styles.note, tone !== 'plain' && styles[tone])}>
      {icon ?? <Icon size={16} aria-hidden />}
      <div className={styles.words}>
        {title && <span className={styles.title}>{title} </span>}
        <span className={styles.text}>{children}</span>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  )
}

export interface BannerProps {
  tone: 'warn' | 'danger'
  /** What happened. */
  title: string
  /** Why, and what to do. */
  children?: ReactNode
  actions?: ReactNode
  /** The engine comes back by itself: a turning sign instead of an alarm. */
  restarting?: boolean
  /** Inside a panel: without the margin of a view. */
  inline?: boolean
}

/** A line above the body that concerns the whole view. Spoken once, at once. */
export function Banner({ tone, title, children, actions, restarting, inline }: BannerProps) {
  const Icon = restarting ? RefreshCw : icons[tone]
  return (
    <div className={classNames(styles.note, styles[tone], !inline && styles.bar)} role="alert">
      <Icon size={16} aria-hidden />
      <div className={styles.words}>
        <span className={styles.title}>{title} </span>
        <span className={styles.text}>{children}</span>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  )
}

export interface ErrorBannerProps {
  message: string
  /** Expected, found and the way out, one sentence each. */
  lines: string[]
  copyLabel: string
  onCopy: () => void
  actions?: ReactNode
  inline?: boolean
}

/** An error above the body: what happened, why, what to do, and its report to copy. */
export function ErrorBanner({ message, lines, copyLabel, onCopy, actions, inline = false }: ErrorBannerProps) {
  return (
    <Banner
      tone="danger"
      inline={inline}
      title={message}
      actions={
        <>
          {actions}
          <Button size="small" variant="ghost" onClick={onCopy}>
            {copyLabel}
          </Button>
        </>
      }
    >
      {lines.join(' ')}
    </Banner>
  )
}
