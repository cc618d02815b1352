// What was changed while a run trained: its figure was not reached by the config alone.
import { Gauge } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { Note } from '../../ui/note.tsx'
import styles from './verdict-tab.module.css'

export function AppliedChanges({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const changes = run.applied.filter(({ lrScale }) => lrScale !== undefined)
  if (changes.length === 0) return null
  return (
    <Note tone="warn" icon={<Gauge size={16} aria-hidden />} title={t('applied.title')}>
      <ul className={styles.applied}>
        {changes.map(({ seed, step, at, by, lrScale }) => (
          <li key={`${seed} ${step} ${at}`}>
            {t('applied.line', {
              seeds: run.seeds.length,
              seed,
              by,
              factor: numbers.rate(lrScale),
              step: numbers.count(step),
              time: numbers.clock(at),
            })}
          </li>
        ))}
      </ul>
    </Note>
  )
}
