import { ChevronDown, ChevronUp } from 'lucide-react'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { classNames } from './class-names.ts'
import styles from './field.module.css'
import type { FieldControl } from './field.tsx'
import { type NumberStep, numberText, parseNumberText, stepNumber } from './number-text.ts'

export interface NumberFieldProps extends Partial<FieldControl> {
  value: number
  /** Null while the text is no number; the last good value stays with the caller. */
  onChange: (value: number | null) => void
  unit?: string | undefined
  step?: NumberStep | undefined
  min?: number | undefined
  max?: number | undefined
  integer?: boolean
  changed?: boolean
  disabled?: boolean
  'aria-label'?: string
}

/** A number with unit and steppers. Takes scientific notation; arrow keys step as the steppers do. */
export function NumberField(props: NumberFieldProps) {
  const { value, onChange, unit, step = { add: 1 }, min, max, integer, changed, disabled, ...control } = props
  const [draft, setDraft] = useState<string | null>(null)
  const typed = draft === null ? null : parseNumberText(draft)
  const unreadable = draft !== null && typed === null
  // A value that came from elsewhere, such as the recipe's, takes the place of what was typed.
  const text = draft !== null && (unreadable || typed === value) ? draft : numberText(value)
  const invalid = control['aria-invalid'] === true
  useEffect(() => {
    if (!invalid) setDraft((now) => (now !== null && parseNumberText(now) === null ? null : now))
  }, [invalid])

  const stepBy = (direction: 1 | -1) => {
    if (disabled) return
    setDraft(null)
    onChange(stepNumber(value, direction, step, { min, max, integer }))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'ArrowUp') stepBy(1)
    else if (event.key === 'ArrowDown') stepBy(-1)
    else return
    event.preventDefault()
  }

  return (
    <span
      className={classNames(
        styles.box,
        changed && styles.changed,
        disabled && styles.disabled,
        (unreadable || control['aria-invalid']) && styles.invalid,
      )}
    >
      <input
        {...control}
        aria-invalid={unreadable || control['aria-invalid']}
        className={styles.input}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        value={text}
        onChange={(event) => {
          setDraft(event.target.value)
          onChange(parseNumberText(event.target.value))
        }}
        onBlur={() => !unreadable && setDraft(null)}
        onKeyDown={onKeyDown}
      />
      {unit && <span className={styles.unit}>{unit}</span>}
      <span className={styles.steps} aria-hidden>
        <button type="button" tabIndex={-1} className={styles.step} disabled={disabled} onClick={() => stepBy(1)}>
          <ChevronUp size={10} />
        </button>
        <button type="button" tabIndex={-1} className={styles.step} disabled={disabled} onClick={() => stepBy(-1)}>
          <ChevronDown size={10} />
        </button>
      </span>
    </span>
  )
}
