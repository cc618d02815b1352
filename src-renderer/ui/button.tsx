import type { ComponentProps, ReactNode } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'
import { Kbd } from './kbd.tsx'
import { Spinner } from './spinner.tsx'
import { Tooltip } from './tooltip.tsx'

export interface ButtonLook {
  /** primary is the yellow one: what to do next, one a screen. */
  variant?: 'plain' | 'primary' | 'ghost' | 'danger'
  size?: 'small' | 'medium' | 'large'
  icon?: ReactNode
  /** Takes the free width of its row. */
  grow?: boolean
  /** Keys shown after the words, such as "Ctrl O". */
  keys?: string
}

function lookClass({ variant = 'plain', size = 'medium', grow }: ButtonLook, extra?: string): string {
  return classNames(styles.button, styles[variant], styles[size], grow && styles.grow, extra)
}

export interface ButtonProps extends ButtonLook, ComponentProps<'button'> {
  /** At work: the icon turns, the words stay, clicks do nothing. */
  busy?: boolean
}

/** A push button. */
export function Button({ variant, size, icon, grow, keys, busy, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      className={lookClass({ ...(variant && { variant }), ...(size && { size }), ...(grow && { grow }) }, className)}
      onClick={busy ? undefined : onClick}
    >
      {busy ? <Spinner /> : icon}
      {children}
      {keys && <Kbd>{keys}</Kbd>}
    </button>
  )
}

export interface ButtonLinkProps extends ButtonLook, ComponentProps<'a'> {
  href: string
}

/** A link that looks like a button: it leads to another view. */
export function ButtonLink({ variant, size, icon, grow, keys, className, children, ...rest }: ButtonLinkProps) {
  return (
    <a
      {...rest}
      className={lookClass({ ...(variant && { variant }), ...(size && { size }), ...(grow && { grow }) }, className)}
    >
      {icon}
      {children}
      {keys && <Kbd>{keys}</Kbd>}
    </a>
  )
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'grow'> {
  /** What it does; spoken, and shown as a tooltip. */
  label: string
  icon: ReactNode
}

/** A button with an icon alone. */
export function IconButton({ label, icon, variant = 'ghost', size, keys, className, busy, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={keys ? `${label} (${keys})` : label}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={lookClass({ variant, ...(size && { size }) }, classNames(styles.iconOnly, className))}
      >
        {busy ? <Spinner /> : icon}
      </button>
    </Tooltip>
  )
}
