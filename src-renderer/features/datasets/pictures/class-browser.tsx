import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClassCount, PictureFilter } from '../../../../src-main/shared/dataset-views.ts'
import { useNumbers } from '../../../i18n/i18n.ts'
import { TextField } from '../../../ui/text-field.tsx'
import styles from './pictures.module.css'

export interface ClassBrowserProps {
  classes: readonly ClassCount[]
  filter: PictureFilter
  onChoose: (label: number | undefined) => void
}

const searchable = 24

/** The classes with their pictures in the chosen part; one of them filters the grid. */
export function ClassBrowser({ classes, filter, onChoose }: ClassBrowserProps) {
  const { t } = useTranslation('pictures')
  const numbers = useNumbers()
  const [search, setSearch] = useState('')
  const { part } = filter
  const countOf = (one: ClassCount) => (part ? one[part] : one.train + one.val + one.test + one.excluded)
  const wanted = search.trim().toLowerCase()
  const shown = classes.flatMap((one, label) => (one.name.toLowerCase().includes(wanted) ? [{ ...one, label }] : []))
  const total = classes.reduce((sum, one) => sum + countOf(one), 0)
  const entry = (label: number | undefined, name: string, count: number) => (
    <li key={label ?? 'all'}>
      <button
        type="button"
        className={styles.classEntry}
        aria-current={filter.label === label ? 'true' : undefined}
        onClick={() => onChoose(label)}
      >
        <span title={name}>{name}</span>
        <small>{numbers.count(count)}</small>
      </button>
    </li>
  )
  return (
    <nav className={styles.classes} aria-label={t('classes')}>
      {classes.length > searchable && (
        <TextField quiet aria-label={t('findClass')} placeholder={t('findClass')} value={search} onChange={setSearch} />
      )}
      <ul>
        {wanted === '' && entry(undefined, t('allClasses'), total)}
        {shown.map((one) => entry(one.label, one.name, countOf(one)))}
      </ul>
      {shown.length === 0 && <p className={styles.noClass}>{t('noClass', { search })}</p>}
    </nav>
  )
}
