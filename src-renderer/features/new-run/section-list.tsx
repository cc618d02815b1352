// The list of sections beside the form: search, changes in each section, and the way to it.
import { Check } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangedTag } from '../../ui/changed-tag.tsx'
import { Switch } from '../../ui/checkbox.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import type { Changes } from './draft.ts'
import { type FormSection, fieldsOfSection, formSectionIds } from './form-sections.ts'
import styles from './new-run.module.css'

export type ListedSection = 'recipe' | FormSection
export const listedSections: readonly ListedSection[] = ['recipe', ...formSectionIds]

/** Puts a section at the top of the form. */
export function showSection(id: ListedSection): void {
  document.getElementById(`section-${id}`)?.scrollIntoView({ block: 'start' })
}

/** Which section stands at the top of the scrolled form. */
export function useSectionInView(form: RefObject<HTMLElement | null>): ListedSection {
  const [inView, setInView] = useState<ListedSection>('recipe')
  useEffect(() => {
    const node = form.current
    if (!node) return
    const look = () => {
      const top = node.getBoundingClientRect().top + 80
      const atEnd = node.scrollTop + node.clientHeight >= node.scrollHeight - 2 && node.scrollTop > 0
      const passed = listedSections.filter((id) => {
        const section = document.getElementById(`section-${id}`)
        return section && (atEnd || section.getBoundingClientRect().top <= top)
      })
      setInView(passed.at(-1) ?? 'recipe')
    }
    look()
    node.addEventListener('scroll', look, { passive: true })
    return () => node.removeEventListener('scroll', look)
  }, [form])
  return inView
}

export interface SectionListProps {
  changes: Changes
  current: ListedSection
  search: string
  onSearch: (search: string) => void
  onlyChanged: boolean
  onOnlyChanged: (on: boolean) => void
}

export function SectionList({ changes, current, search, onSearch, onlyChanged, onOnlyChanged }: SectionListProps) {
  const { t } = useTranslation('newRun')
  const changedIn = (id: ListedSection) =>
    id === 'recipe' ? 0 : fieldsOfSection(id).filter(({ key }) => key in changes).length
  return (
    <nav className={styles.sections} aria-label={t('sectionsLabel')}>
      <SearchField label={t('find')} data-find value={search} onChange={onSearch} />
      <ul>
        {listedSections.map((id) => {
          const changed = changedIn(id)
          return (
            <li key={id}>
              <button
                type="button"
                className={styles.sectionLink}
                aria-current={id === current ? 'true' : undefined}
                onClick={() => showSection(id)}
              >
                <span>{t(`section.${id}`)}</span>
                {changed > 0 ? (
                  <ChangedTag label={t('changesLabel', { count: changed })}>{changed}</ChangedTag>
                ) : (
                  <Check size={14} className={styles.asRecipe} role="img" aria-label={t('asRecipe')} />
                )}
              </button>
            </li>
          )
        })}
      </ul>
      <Switch checked={onlyChanged} onChange={onOnlyChanged}>
        {t('onlyChanged')}
      </Switch>
    </nav>
  )
}
