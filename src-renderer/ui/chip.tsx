import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import styles from './badge.module.css'

/** A filter with its present value; opens a menu. */
export function Chip({ name, value, ...rest }: { name: string; value: string } & ComponentProps<'button'>) {
  return (
    <button type="button" {...rest} className={styles.chip}>
      {name} <b>{value}</b>
      <ChevronDown size={12} aria-hidden />
    </button>
  )
}
