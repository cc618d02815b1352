import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './field.module.css'

export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'size'> {
  value: string
  onChange: (value: string) => void
  icon?: ReactNode
  /** Keys or a small control at the right end. */
  end?: ReactNode
  changed?: boolean
  /** A lighter edge, for search and filters. */
  quiet?: boolean
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const { value, onChange, icon, end, changed, quiet, className, readOnly, disabled, ...rest } = props
  return (
    <span
      className={classNames(
        styles.box,
        changed && styles.changed,
        quiet && styles.quiet,
        readOnly && styles.readOnly,
        disabled && styles.disabled,
        rest['aria-invalid'] && styles.invalid,
        className,
      )}
    >
      {icon}
      <input
        type="text"
        spellCheck={false}
        autoComplete="off"
        {...rest}
        readOnly={readOnly}
        disabled={disabled}
        className={styles.input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {end}
    </span>
  )
}
