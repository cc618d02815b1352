import { CircleCheck, Info, OctagonAlert, TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Finding, isRepaired, type Severity } from '../../../../src-main/shared/dataset-views.ts'
import { useNumbers } from '../../../i18n/i18n.ts'
import { Button } from '../../../ui/button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { excludePictures } from '../dataset-actions.ts'
import { useFindingWords } from './finding-words.ts'
import styles from './findings.module.css'

const icons: Record<Severity, ReactNode> = {
  problem: <OctagonAlert size={16} aria-hidden />,
  warning: <TriangleAlert size={16} aria-hidden />,
  hint: <Info size={16} aria-hidden />,
  passed: <CircleCheck size={16} aria-hidden />,
}

export interface FindingListProps {
  datasetId: string
  findings: readonly Finding[]
  chosen: Finding | null
  onChoose: (finding: Finding) => void
}

/** What the check found: state, sentence, count, and what can be done about each. */
export function FindingList({ datasetId, findings, chosen, onChoose }: FindingListProps) {
  return (
    <ul>
      {findings.map((finding) => (
        <FindingRow
          key={finding.kind}
          datasetId={datasetId}
          finding={finding}
          chosen={finding.kind === chosen?.kind}
          onChoose={() => onChoose(finding)}
        />
      ))}
    </ul>
  )
}

interface FindingRowProps {
  datasetId: string
  finding: Finding
  chosen: boolean
  onChoose: () => void
}

function FindingRow({ datasetId, finding, chosen, onChoose }: FindingRowProps) {
  const { t } = useTranslation('health')
  const numbers = useNumbers()
  const words = useFindingWords()(finding)
  const { kind, severity, count, excluded, excludable, listed } = finding
  const repaired = isRepaired(finding)
  const shown = repaired ? 'passed' : severity
  const [busy, setBusy] = useState(false)
  const leave = async (leaveOut: boolean) => {
    setBusy(true)
    const changed = leaveOut ? count - excluded : excluded
    await excludePictures({ id: datasetId, finding: kind, excluded: leaveOut }, changed)
    setBusy(false)
  }
  return (
    <li className={classNames(styles.finding, chosen && styles.chosen)} aria-current={chosen || undefined}>
      <span className={classNames(styles.icon, styles[shown])} role="img" aria-label={t(`severity.${severity}`)}>
        {icons[shown]}
      </span>
      <div className={styles.words}>
        <div className={styles.title}>
          {words.title}
          {excluded > 0 && (
            <span className={styles.excluded}>
              {t('leftOutOf', { excluded: numbers.count(excluded), count: numbers.count(count) })}
            </span>
          )}
        </div>
        <div className={styles.text}>{words.text}</div>
        {words.effect && !repaired && <div className={styles.effect}>{words.effect}</div>}
      </div>
      <span className={styles.count}>{count === 0 ? '' : numbers.count(count)}</span>
      <div className={styles.actions}>
        {excludable && excluded > 0 && (
          <Button size="small" busy={busy} onClick={() => void leave(false)}>
            {t('takeBack')}
          </Button>
        )}
        {excludable && severity !== 'passed' && excluded < count && (
          <Button size="small" busy={busy} onClick={() => void leave(true)}>
            {t('leaveOut')}
          </Button>
        )}
        {listed && count > 0 && (
          <Button size="small" aria-pressed={chosen} onClick={onChoose}>
            {t('show')}
          </Button>
        )}
      </div>
    </li>
  )
}
