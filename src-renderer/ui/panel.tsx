import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './panel.module.css'

export interface PanelProps {
  title?: ReactNode
  /** Quiet words after the title. */
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** The content brings its own padding, such as a table. */
  flush?: boolean
  className?: string | undefined
}

/** A bordered part of a page with a title. */
export function Panel({ title, note, actions, children, flush, className }: PanelProps) {
  return (
    <section className={classNames(styles.panel, className)}>
      {(title || actions) && (
        <div className={styles.head}>
          {title && <h2>{title}</h2>}
          {note && <span className={styles.note}>{note}</span>}
          {actions && <div className={styles.actions}>{actions}</div>}
        </div>
      )}
      {flush ? children : <div className={styles.body}>{children}</div>}
    </section>
  )
}

/** Names and values in two columns. */
export function KeyValues({ entries }: { entries: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.keyValues}>
      {entries.map(([name, value]) => (
        <Pair key={name} name={name} value={value} />
      ))}
    </dl>
  )
}

function Pair({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}

export interface PageHeadProps {
  title: ReactNode
  /** State or verdict badge beside the title. */
  badge?: ReactNode
  /** One line of facts. */
  facts?: ReactNode
  actions?: ReactNode
}

/** Title, badge, facts and actions of a view; stays in place while the body scrolls. */
export function PageHead({ title, badge, facts, actions }: PageHeadProps) {
  return (
    <header className={styles.pageHead}>
      <div className={styles.pageTitle}>
        <div className={styles.titleRow}>
          <h1>{title}</h1>
          {badge}
        </div>
        {facts && <div className={styles.facts}>{facts}</div>}
      </div>
      {actions && <div className={styles.pageActions}>{actions}</div>}
    </header>
  )
}

/** A view: head and foot stay, `PageBody` scrolls. */
export function Page({ children }: { children: ReactNode }) {
  return <div className={styles.page}>{children}</div>
}

/** The only part of a view that scrolls; back and forward restore its position. */
export function PageBody({ className, ...rest }: ComponentProps<'div'>) {
  return <div {...rest} className={classNames(styles.scroll, className)} data-restore-scroll />
}

/** Actions fixed under the body; `selection` for the bar of selected rows. */
export function PageFoot({ children, selection }: { children: ReactNode; selection?: boolean }) {
  return <footer className={classNames(styles.foot, selection && styles.selection)}>{children}</footer>
}
