import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import styles from './floating.module.css'

export interface TooltipProps {
  text: ReactNode
  /** One focusable element; the tooltip opens on hover and on focus. */
  children: ReactElement
  side?: 'top' | 'bottom' | 'left' | 'right'
}

/** Words about a control; never holds controls itself. Needs `TooltipProvider` above. */
export function Tooltip({ text, children, side = 'bottom' }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className={styles.positioner}>
          <Base.Popup className={styles.tooltip}>{text}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** Makes neighbouring tooltips open at once after the first. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return <Base.Provider delay={500}>{children}</Base.Provider>
}
