import { LoaderCircle } from 'lucide-react'
import styles from './spinner.module.css'

/** Something is at work; still when the reader asked for less motion. */
export function Spinner({ size = 14 }: { size?: number }) {
  return <LoaderCircle size={size} className={styles.spinner} aria-hidden />
}
