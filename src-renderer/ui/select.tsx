import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import { classNames } from './class-names.ts'
import fieldStyles from './field.module.css'
import type { FieldControl } from './field.tsx'
import styles from './floating.module.css'

export interface SelectOption<Value extends string> {
  value: Value
  label: string
  hint?: string
  /** Quiet word at the right, such as "recipe". */
  note?: string
}

export interface SelectProps<Value extends string> extends Partial<FieldControl> {
  value: Value
  onChange: (value: Value) => void
  options: readonly SelectOption<Value>[]
  changed?: boolean
  disabled?: boolean
  quiet?: boolean
  'aria-label'?: string
}

/** One of a few choices, in a list that opens. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { value, onChange, options, changed, disabled, quiet, ...control } = props
  return (
    <Base.Root
      value={value}
      items={options}
      disabled={disabled ?? false}
      onValueChange={(next) => next !== null && onChange(next)}
    >
      <Base.Trigger
        {...control}
        className={classNames(
          fieldStyles.box,
          changed && fieldStyles.changed,
          quiet && fieldStyles.quiet,
          disabled && fieldStyles.disabled,
          control['aria-invalid'] && fieldStyles.invalid,
        )}
      >
        <Base.Value className={fieldStyles.value} />
        <ChevronsUpDown size={14} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className={styles.positioner}>
          <Base.Popup className={styles.popup}>
            <Base.List>
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} className={styles.item}>
                  <span>
                    <Base.ItemIndicator>
                      <Check size={14} />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText>{option.label}</Base.ItemText>
                  <span className={styles.note}>{option.note}</span>
                  {option.hint && <span className={styles.hint}>{option.hint}</span>}
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
