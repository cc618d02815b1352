import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox'
import { Field } from '@base-ui/react/field'
import { Switch as BaseSwitch } from '@base-ui/react/switch'
import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './choice.module.css'
import type { FieldControl } from './field.tsx'

export interface CheckboxProps extends Partial<FieldControl> {
  checked: boolean
  /** Some, but not all, of what it stands for. */
  mixed?: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  /** Words beside the box; without them give an `aria-label`. */
  children?: ReactNode
  'aria-label'?: string
  tabIndex?: number
}

/** A box to tick. */
export function Checkbox({ checked, mixed, onChange, disabled, children, ...control }: CheckboxProps) {
  const box = (
    <BaseCheckbox.Root
      {...control}
      className={styles.checkbox}
      checked={checked}
      indeterminate={mixed ?? false}
      disabled={disabled ?? false}
      onCheckedChange={onChange}
    >
      <BaseCheckbox.Indicator className={styles.tick}>
        {mixed ? <Minus size={12} strokeWidth={3} /> : <Check size={12} strokeWidth={3} />}
      </BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
  )
  if (children === undefined) return box
  return (
    <Field.Root render={<span />}>
      <Field.Label className={styles.option}>
        {box}
        {children}
      </Field.Label>
    </Field.Root>
  )
}

export type SwitchProps = Omit<CheckboxProps, 'mixed'>

/** On or off, at once. */
export function Switch({ checked, onChange, disabled, children, ...control }: SwitchProps) {
  const track = (
    <BaseSwitch.Root
      {...control}
      className={styles.switch}
      checked={checked}
      disabled={disabled ?? false}
      onCheckedChange={onChange}
    >
      <BaseSwitch.Thumb className={styles.thumb} />
    </BaseSwitch.Root>
  )
  if (children === undefined) return track
  return (
    <Field.Root render={<span />}>
      <Field.Label className={styles.option}>
        {track}
        {children}
      </Field.Label>
    </Field.Root>
  )
}
