import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { ReactNode } from 'react'
import styles from './choice.module.css'

export interface SegmentedProps<Value extends string> {
  /** Spoken name of the group. */
  label: string
  value: Value
  onChange: (value: Value) => void
  options: readonly { value: Value; label: ReactNode; ariaLabel?: string }[]
}

/** One of two to four choices, all visible. */
export function Segmented<Value extends string>({ label, value, onChange, options }: SegmentedProps<Value>) {
  return (
    <ToggleGroup
      aria-label={label}
      className={styles.segmented}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} aria-label={option.ariaLabel} className={styles.segment}>
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
