import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetOverview, FindingKind, PictureFilter } from '../../../../src-main/shared/dataset-views.ts'
import { SearchField } from '../../../ui/search-field.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { Select } from '../../../ui/select.tsx'
import { useFindingWords } from '../health/finding-words.ts'
import { sortedFindings } from '../health/open-findings.ts'
import styles from './pictures.module.css'

/** Typing asks the engine once the reader pauses. */
const settleMs = 250

export interface PictureFiltersProps {
  overview: DatasetOverview
  filter: PictureFilter
  onChange: (filter: PictureFilter) => void
}

/** `filter` with some entries set, or left out where they are undefined. */
export function withFilter(filter: PictureFilter, change: PictureFilter): PictureFilter {
  const next = { ...filter, ...change }
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as PictureFilter
}

/** Part, finding, whether left out, and a piece of the name. */
export function PictureFilters({ overview, filter, onChange }: PictureFiltersProps) {
  const { t } = useTranslation('pictures')
  const wordsOf = useFindingWords()
  const [text, setText] = useState(filter.text ?? '')
  const set = (change: PictureFilter) => onChange(withFilter(filter, change))
  useEffect(() => setText(filter.text ?? ''), [filter.text])
  useEffect(() => {
    if (text === (filter.text ?? '')) return
    const timer = setTimeout(() => onChange(withFilter(filter, { text: text === '' ? undefined : text })), settleMs)
    return () => clearTimeout(timer)
  }, [text, filter, onChange])

  const has = { train: false, val: false, test: false }
  for (const { train, val, test } of overview.classes) {
    has.train ||= train > 0
    has.val ||= val > 0
    has.test ||= test > 0
  }
  const parts = (['train', 'val', 'test'] as const).filter((part) => has[part])
  const listed = sortedFindings(overview.health?.findings ?? []).filter(({ listed: can, count }) => can && count > 0)
  return (
    <div className={styles.filters}>
      <Segmented
        label={t('part')}
        value={filter.part ?? 'all'}
        options={[
          { value: 'all', label: t('parts.all') },
          ...parts.map((part) => ({ value: part, label: t(`parts.${part}`) })),
        ]}
        onChange={(part) => set({ part: part === 'all' ? undefined : part })}
      />
      {listed.length > 0 && (
        <span className={styles.findingFilter}>
          <Select
            quiet
            aria-label={t('finding')}
            value={filter.finding ?? 'any'}
            options={[
              { value: 'any', label: t('anyFinding') },
              ...listed.map((finding) => ({ value: finding.kind, label: wordsOf(finding).title })),
            ]}
            onChange={(kind) => set({ finding: kind === 'any' ? undefined : (kind as FindingKind) })}
          />
        </span>
      )}
      {(overview.excluded > 0 || filter.excluded !== undefined) && (
        <Segmented
          label={t('excludedFilter')}
          value={filter.excluded === undefined ? 'all' : filter.excluded ? 'out' : 'in'}
          options={[
            { value: 'all', label: t('parts.all') },
            { value: 'in', label: t('in') },
            { value: 'out', label: t('out') },
          ]}
          onChange={(state) => set({ excluded: state === 'all' ? undefined : state === 'out' })}
        />
      )}
      <span className={styles.search}>
        <SearchField label={t('search')} value={text} onChange={setText} />
      </span>
    </div>
  )
}
