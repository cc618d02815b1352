import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './floating.module.css'
import { Kbd } from './kbd.tsx'

export type MenuEntry =
  | { separator: string }
  | {
      label: string
      onSelect: () => void
      icon?: ReactNode
      /** A second, quiet line: what the action means. */
      hint?: string
      keys?: string
      danger?: boolean
      disabled?: boolean
      /** Set for entries that are choices: the chosen one carries a tick. */
      checked?: boolean
    }

export interface MenuProps {
  /** The element that opens it. */
  trigger: ReactElement
  entries: MenuEntry[]
  side?: 'top' | 'bottom'
  align?: 'start' | 'end'
}

/** A menu of actions or choices. */
export function Menu({ trigger, entries, side = 'bottom', align = 'start' }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={5} className={styles.positioner}>
          <Base.Popup className={styles.popup}>
            {entries.map((entry) =>
              'separator' in entry ? (
                <Base.Separator key={entry.separator} className={styles.separator} />
              ) : (
                <Base.Item
                  key={entry.label}
                  className={classNames(styles.item, entry.danger && styles.danger)}
                  disabled={entry.disabled ?? false}
                  onClick={entry.onSelect}
                >
                  {entry.checked ? <Check size={14} /> : (entry.icon ?? <span />)}
                  <span>{entry.label}</span>
                  {entry.keys ? <Kbd>{entry.keys}</Kbd> : <span />}
                  {entry.hint && <span className={styles.hint}>{entry.hint}</span>}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
