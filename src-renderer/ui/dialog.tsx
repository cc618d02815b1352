import { Dialog as Base } from '@base-ui/react/dialog'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { classNames } from './class-names.ts'
import styles from './dialog.module.css'

export interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  /** One or two sentences under the title. */
  text?: ReactNode
  children?: ReactNode
  /** Buttons, the way out first. */
  actions?: ReactNode
  wide?: boolean
}

/** A question in front of the page. Only for what cannot be undone, or what needs a choice first. */
export function Dialog({ open, onClose, title, text, children, actions, wide }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={classNames(styles.dialog, wide && styles.wide)}>
          <Base.Title>{title}</Base.Title>
          {text && <Base.Description className={styles.text}>{text}</Base.Description>}
          {children}
          {actions && <div className={styles.actions}>{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** Nearly the whole window, for one thing to look at. `label` is its spoken name; it has the focus itself, for its keys. */
export function LargeDialog(props: {
  open: boolean
  onClose: () => void
  label: string
  onKeyDown?: (event: KeyboardEvent) => void
  children: ReactNode
}) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={props.open} onOpenChange={(next) => !next && props.onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          ref={popup}
          initialFocus={popup}
          className={styles.large}
          aria-label={props.label}
          onKeyDown={props.onKeyDown}
        >
          {props.children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** A side panel over the body, for narrow windows. `label` is its spoken name. */
export function Sheet(props: { open: boolean; onClose: () => void; label: string; children: ReactNode }) {
  return (
    <Base.Root open={props.open} onOpenChange={(next) => !next && props.onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={styles.sheet} aria-label={props.label}>
          {props.children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
