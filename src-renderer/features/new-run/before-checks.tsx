// The lines of "Before the start", each with what mends it.
import { useTranslation } from 'react-i18next'
import type { Preflight, PreflightCheck, PreflightFix } from '../../../src-main/shared/api.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { navigate } from '../../router/router.ts'
import { putDataset, useEngineStore } from '../../stores/engine-store.ts'
import { Button } from '../../ui/button.tsx'
import { CheckList } from '../../ui/check-list.tsx'
import styles from './before-start.module.css'
import { type CheckFix, checkWords } from './check-words.ts'
import { fixWords } from './fix-words.ts'

export interface ChecksProps {
  preflight: Preflight
  datasetId: string
  onSeeds: (count: number) => void
  onShowChanges: () => void
  /** Puts changes into the form; `label` says what they are. */
  onFix: (changes: PreflightFix['changes'], label: string) => void
}

/** Changes of the form that would mend a line, each with what it costs. */
function Fixes({ check, onFix }: { check: PreflightCheck; onFix: ChecksProps['onFix'] }) {
  const { t } = useTranslation('newRun')
  const numbers = useNumbers()
  const { fixes = [] } = check
  if (check.state === 'pass' || fixes.length === 0) return null
  return (
    <ul className={styles.fixes}>
      {fixes.map((fix) => {
        const { label, hint, values } = fixWords(fix, numbers)
        const words = t(`fix.${label}`, values)
        return (
          <li key={`${fix.id} ${JSON.stringify(fix.changes)}`}>
            <Button size="small" onClick={() => onFix(fix.changes, words)}>
              {words}
            </Button>
            <span>{t(`fix.${hint}`, values)}</span>
          </li>
        )
      })}
    </ul>
  )
}

const urgency = { fail: 0, note: 1, pass: 2 } as const

/** What wants a decision comes first, so that it is seen without scrolling. */
const byUrgency = (a: PreflightCheck, b: PreflightCheck) => urgency[a.state] - urgency[b.state]

export function Checks({ preflight, datasetId, onSeeds, onShowChanges, onFix }: ChecksProps) {
  const { t } = useTranslation(['newRun', 'sharedWords'])
  const numbers = useNumbers()
  const data = useEngineStore((state) => state.datasets?.find(({ id }) => id === datasetId) ?? null)
  const fixButton = (fix: CheckFix | null) => {
    if (fix === null) return undefined
    const fixes: Record<CheckFix['kind'], { label: string; act: () => void }> = {
      install: { label: t('check.install'), act: () => void attempt(() => engineClient().setup.installTensorflow()) },
      fetch: {
        label: t('check.fetch'),
        act: () => void attempt(async () => putDataset(await engineClient().datasets.fetch(datasetId))),
      },
      'show-data': { label: t('check.showData'), act: () => navigate({ view: 'dataset', datasetId, tab: 'health' }) },
      seeds: {
        label: fix.kind === 'seeds' ? t('check.useSeeds', { count: fix.count }) : '',
        act: () => fix.kind === 'seeds' && onSeeds(fix.count),
      },
      'show-changes': { label: t('check.show'), act: onShowChanges },
    }
    const { label, act } = fixes[fix.kind]
    return (
      <Button size="small" onClick={act}>
        {label}
      </Button>
    )
  }
  const seedsText = (count: number) => t('sharedWords:seeds', { count })
  return (
    <CheckList
      checks={[...preflight.checks].sort(byUrgency).map((check) => {
        const words = checkWords(check, { data, numbers, seedsText })
        return {
          id: check.id,
          state: check.state,
          stateLabel: t(`checkState.${check.state}`),
          title: t(`check.${words.title}`, words.values),
          detail: (
            <>
              {typeof words.detail === 'string' ? t(`check.${words.detail}`, words.values) : words.detail.plain}
              <Fixes check={check} onFix={onFix} />
            </>
          ),
          action: fixButton(words.fix),
        }
      })}
    />
  )
}
