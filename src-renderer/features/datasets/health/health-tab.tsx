// The health report of a data set: what the check found, the pictures of the chosen finding, identity and figures.
import { ChevronDown, ChevronUp, CircleCheck } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Checking, DatasetOverview, Finding, HealthReport } from '../../../../src-main/shared/dataset-views.ts'
import { ErrorReportBanner } from '../../../frame/error-report-banner.tsx'
import { useNumbers } from '../../../i18n/i18n.ts'
import { navigate, useLocation } from '../../../router/router.ts'
import { routePath } from '../../../router/routes.ts'
import { setChoice, useChoice } from '../../../stores/ui-store.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { PageBody, Panel } from '../../../ui/panel.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { cancelCheck, checkDataset } from '../dataset-actions.ts'
import { ChannelStatistics } from './channel-statistics.tsx'
import { ClassCounts } from './class-counts.tsx'
import { FindingList } from './finding-list.tsx'
import { FindingPictures } from './finding-pictures.tsx'
import styles from './health.module.css'
import { Identity } from './identity.tsx'
import { openCounts, sortedFindings } from './open-findings.ts'
import { PictureHistograms } from './picture-histograms.tsx'

function Progress({ id, checking }: { id: string; checking: Checking }) {
  const { t } = useTranslation(['health', 'datasets', 'sharedWords'])
  const numbers = useNumbers()
  const { text, done, total, secondsLeft } = checking
  const words = [
    ...(total > 0 ? [t('datasets:doneOf', { done: numbers.count(done), total: numbers.count(total) })] : []),
    ...(secondsLeft === null ? [] : [t('sharedWords:timeLeft', { time: numbers.duration(secondsLeft) })]),
  ].join(t('sharedWords:listSeparator'))
  return (
    <Panel
      title={t('health:checking')}
      note={text}
      actions={
        <Button size="small" onClick={() => void cancelCheck(id)}>
          {t('sharedWords:cancel')}
        </Button>
      }
    >
      <ProgressBar value={total > 0 ? done / total : null} label={t('health:checking')} text={words} />
      <p className={styles.progressWords}>{words}</p>
    </Panel>
  )
}

function Report({ overview, health }: { overview: DatasetOverview; health: HealthReport }) {
  const { t } = useTranslation('health')
  const { search } = useLocation()
  const findings = sortedFindings(health.findings)
  const open = findings.filter(({ severity }) => severity !== 'passed')
  const passed = findings.filter(({ severity }) => severity === 'passed')
  // Without anything found, what passed is the report.
  const showPassed = useChoice<'open' | 'closed'>('passed-checks', 'closed') === 'open' || open.length === 0
  const pictures = useRef<HTMLDivElement>(null)
  const asked = search.get('finding')
  const canShow = ({ listed, count }: Finding) => listed && count > 0
  const chosen =
    findings.find((finding) => finding.kind === asked && canShow(finding)) ?? findings.find(canShow) ?? null
  const counts = openCounts(health)
  const choose = ({ kind }: Finding) => {
    navigate(`${routePath({ view: 'dataset', datasetId: overview.id, tab: 'health' })}?finding=${kind}`, {
      replace: true,
    })
    pictures.current?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <>
      <Panel
        title={t('report')}
        actions={<span className={styles.quiet}>{t('counts', counts)}</span>}
        flush
        className={styles.report}
      >
        <FindingList datasetId={overview.id} findings={open} chosen={chosen} onChoose={choose} />
        {passed.length > 0 && (
          <>
            <button
              type="button"
              className={styles.passedToggle}
              aria-expanded={showPassed}
              onClick={() => setChoice('passed-checks', showPassed ? 'closed' : 'open')}
            >
              <CircleCheck size={16} className={styles.passed} aria-hidden />
              <span>{t('passedCount', { count: passed.length })}</span>
              {showPassed ? <ChevronUp size={14} aria-hidden /> : <ChevronDown size={14} aria-hidden />}
            </button>
            {showPassed && <FindingList datasetId={overview.id} findings={passed} chosen={chosen} onChoose={choose} />}
          </>
        )}
      </Panel>
      {chosen && (
        <div ref={pictures} className={styles.findingPictures}>
          <FindingPictures key={chosen.kind} overview={overview} finding={chosen} />
        </div>
      )}
      <PictureHistograms health={health} />
    </>
  )
}

export function HealthTab({ overview }: { overview: DatasetOverview }) {
  const { t } = useTranslation(['health', 'dataset'])
  const { id, checking, checkError, health } = overview
  return (
    <PageBody>
      <div className={styles.columns}>
        <div className={styles.main}>
          {checking && <Progress id={id} checking={checking} />}
          {checkError && <ErrorReportBanner report={checkError} onRetry={() => void checkDataset(id)} inline />}
          {health && <Report overview={overview} health={health} />}
          {!health && !checking && (
            <EmptyState
              title={t('health:unchecked')}
              actions={<Button onClick={() => void checkDataset(id)}>{t('dataset:check')}</Button>}
            >
              {t('health:uncheckedText')}
            </EmptyState>
          )}
        </div>
        <div className={styles.side}>
          <Identity overview={overview} />
          <ClassCounts classes={overview.classes} />
          {health && health.mean.length > 0 && <ChannelStatistics overview={overview} health={health} />}
        </div>
      </div>
    </PageBody>
  )
}
