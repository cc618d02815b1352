// One run: head, progress while it trains, and its parts as tabs with addresses.
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { isTyping, matchesKeys } from '../../frame/keys.ts'
import { navigate } from '../../router/router.ts'
import { type RunTab, routePath } from '../../router/routes.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { loadRun } from '../../stores/run-details-store.ts'
import { waitsToGoOn } from '../../stores/runs-store.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import { Skeleton } from '../../ui/empty-state.tsx'
import { Page } from '../../ui/panel.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { ConfigTab } from './config-tab.tsx'
import { ConsoleTab } from './console-tab.tsx'
import { CurvesTab } from './curves-tab.tsx'
import { InterruptionPanel } from './interruption-panel.tsx'
import { KeyFigures } from './key-figures.tsx'
import { pauseRun, resumeRun, stopRun } from './run-actions.ts'
import { brokenOff, isUnderWay } from './run-facts.ts'
import { RunHead } from './run-head.tsx'
import { type RunView, useRunView } from './use-run-view.ts'
import { VerdictTab } from './verdict-tab.tsx'

const shownTabs = ['curves', 'verdict', 'console', 'config'] as const
type ShownTab = (typeof shownTabs)[number]

/** Without a tab in the address, a run that is over opens on its verdict and others on their curves. */
function openTab(run: RunDetail, tab: RunTab | null): ShownTab {
  const asked = shownTabs.find((shown) => shown === tab)
  if (asked) return asked
  const judged = run.verdict !== null && run.verdict.mean !== null
  const over = run.status === 'finished' || run.status === 'stopped'
  return judged && over && !waitsToGoOn(run) ? 'verdict' : 'curves'
}

export function RunScreen({ runId, tab }: { runId: string; tab: RunTab | null }) {
  const { t } = useTranslation('run')
  const view = useRunView(runId)
  if (!view.detail) {
    if (view.error) return <ErrorReportBanner report={view.error} onRetry={() => void loadRun(runId)} />
    return <Skeleton lines={6} words={t('reading')} />
  }
  return <LoadedRun run={view.detail} view={view} tab={openTab(view.detail, tab)} />
}

function useRunKeys(run: RunDetail) {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.defaultPrevented) return
      const now = latest.current
      if (matchesKeys(event, 'Shift+S') && now.status === 'running') {
        event.preventDefault()
        void stopRun(now, 'epoch')
        return
      }
      if (matchesKeys(event, 'P') && (now.status === 'running' || brokenOff(now))) {
        event.preventDefault()
        const keepDevice = useUiStore.getState().choices.pause !== 'free'
        void (now.status === 'running' ? pauseRun(now, keepDevice) : resumeRun(now))
        return
      }
      const index = shownTabs.findIndex((_, place) => matchesKeys(event, String(place + 1)))
      const tab = shownTabs[index]
      if (tab) navigate({ view: 'run', runId: now.id, tab })
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

function LoadedRun({ run, view, tab }: { run: RunDetail; view: RunView; tab: ShownTab }) {
  const { t } = useTranslation('run')
  const awaySince = useEngineStore((state) => state.awaySince)
  useRunKeys(run)
  const pending = isUnderWay(run)
  const lastSeed = run.seeds.at(-1)?.seed
  const tabs = shownTabs.map((id) => ({
    id,
    label: t(`tab.${id}`),
    href: routePath({ view: 'run', runId: run.id, tab: id }),
    ...(id === 'verdict' && pending && lastSeed !== undefined && { count: t('afterSeed', { seed: lastSeed }) }),
  }))
  return (
    <Page>
      <RunHead run={run} awaySince={awaySince} />
      {pending && <KeyFigures run={run} />}
      <Tabs label={t('tabsLabel')} tabs={tabs} current={tab} />
      {(run.error || brokenOff(run)) && (tab === 'curves' || tab === 'verdict') && (
        <InterruptionPanel run={run} log={tab === 'curves' ? view.log : []} />
      )}
      {tab === 'curves' && !(run.status === 'failed' && run.epochs.length === 0 && view.version === 0) && (
        <CurvesTab run={run} log={view.log} version={view.version} />
      )}
      {tab === 'verdict' && <VerdictTab run={run} />}
      {tab === 'console' && <ConsoleTab log={view.log} />}
      {tab === 'config' && <ConfigTab run={run} />}
    </Page>
  )
}
