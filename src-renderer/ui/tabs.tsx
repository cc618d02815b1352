import styles from './tabs.module.css'

export interface TabLink {
  id: string
  label: string
  /** Every tab is an address. */
  href: string
  count?: string
}

/** Tabs of a view. They are links, so that back, forward and bookmarks work; the current one is marked for readers. */
export function Tabs({ label, tabs, current }: { label: string; tabs: readonly TabLink[]; current: string }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.id} href={tab.href} className={styles.tab} aria-current={tab.id === current ? 'page' : undefined}>
          {tab.label}
          {tab.count && <span className={styles.count}>{tab.count}</span>}
        </a>
      ))}
    </nav>
  )
}
