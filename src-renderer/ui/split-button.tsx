import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './button.module.css'
import { Button, type ButtonLook } from './button.tsx'
import { Menu, type MenuEntry } from './menu.tsx'

export interface SplitButtonProps extends ButtonLook {
  children: ReactNode
  onClick: () => void
  busy?: boolean
  disabled?: boolean
  /** Spoken name of the arrow. */
  menuLabel: string
  entries: MenuEntry[]
}

/** The usual action as a button, its variants in a menu beside it. */
export function SplitButton({ children, onClick, busy, disabled, menuLabel, entries, ...look }: SplitButtonProps) {
  return (
    <span className={styles.split}>
      <Button {...look} {...(busy && { busy })} {...(disabled && { disabled })} onClick={onClick}>
        {children}
      </Button>
      <Menu
        entries={entries}
        align="end"
        trigger={
          <Button
            {...(look.variant && { variant: look.variant })}
            {...(look.size && { size: look.size })}
            {...(disabled && { disabled })}
            aria-label={menuLabel}
          >
            <ChevronDown size={14} />
          </Button>
        }
      />
    </span>
  )
}
