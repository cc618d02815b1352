import { type ReactNode, useId } from 'react'
import { ChangedTag } from './changed-tag.tsx'
import styles from './field.module.css'

/** Ids that tie a control to its words; give them to the control. */
export interface FieldControl {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}

export interface FieldProps {
  label: ReactNode
  /** Quiet line under the control. */
  hint?: ReactNode
  /** Takes the place of the hint. */
  error?: string | null
  /** Words of the yellow tag beside the label, when the value differs from the recipe. */
  changed?: string | null
  children: (control: FieldControl) => ReactNode
}

/** Label, control, hint or error; the control is drawn by `children`. */
export function Field({ label, hint, error, changed, children }: FieldProps) {
  const id = useId()
  const described = error || hint ? `${id}-words` : undefined
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
        {changed && <ChangedTag>{changed}</ChangedTag>}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {error ? (
        <span id={described} className={styles.error} role="alert">
          {error}
        </span>
      ) : (
        hint && (
          <span id={described} className={styles.hint}>
            {hint}
          </span>
        )
      )}
    </div>
  )
}
