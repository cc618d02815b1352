import { Slider as Base } from '@base-ui/react/slider'
import styles from './slider.module.css'

export interface SliderProps {
  label: string
  value: number
  onChange: (value: number) => void
  min?: number
  max: number
  /** Written value at the right. */
  text: string
}

/** A whole number from a range, such as a step of a run. Arrow keys move by one, with Shift or Page keys by more. */
export function Slider({ label, value, onChange, min = 0, max, text }: SliderProps) {
  return (
    <Base.Root
      className={styles.slider}
      value={value}
      min={min}
      max={Math.max(min, max)}
      largeStep={Math.max(1, Math.round((max - min) / 20))}
      disabled={max <= min}
      onValueChange={(next) => onChange(Array.isArray(next) ? (next[0] ?? min) : next)}
    >
      <Base.Label className={styles.label}>{label}</Base.Label>
      <Base.Control className={styles.control}>
        <Base.Track className={styles.track}>
          <Base.Indicator className={styles.fill} />
          <Base.Thumb className={styles.thumb} aria-label={label} getAriaValueText={() => text} />
        </Base.Track>
      </Base.Control>
      <span className={styles.text}>{text}</span>
    </Base.Root>
  )
}
