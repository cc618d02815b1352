import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../src-main/shared/api.ts'
import { useOutcomeWords } from '../charts/verdict-label.ts'
import { useNumbers } from '../i18n/i18n.ts'
import { isLive, liveRun, runProgress, useRunsStore } from '../stores/runs-store.ts'

/** Runs that ended between two states of the list. */
export function endedRuns(before: readonly RunSummary[], after: readonly RunSummary[]): RunSummary[] {
  const liveBefore = new Set(before.filter(isLive).map(({ id }) => id))
  return after.filter((run) => liveBefore.has(run.id) && (run.status === 'finished' || run.status === 'failed'))
}

/** On desktop: progress on the taskbar, and a notification when a run ends while the window is not looked at. */
export function useDesktopSignals(): void {
  const { t } = useTranslation(['sharedWords', 'home'])
  const numbers = useNumbers()
  const outcomeWords = useOutcomeWords()
  useEffect(() => {
    const { desktop } = window
    if (!desktop) return
    return useRunsStore.subscribe(({ runs }, { runs: before }) => {
      if (runs === before || runs === null) return
      const live = liveRun(runs)
      void desktop.setProgress(live ? runProgress(live) : null)
      if (document.hasFocus()) return
      for (const run of endedRuns(before ?? [], runs)) {
        const { name, verdict } = run
        const body = verdict
          ? `${outcomeWords(verdict)}, ${numbers.meanStd(verdict.mean, verdict.std)}`
          : t(run.status === 'failed' ? 'sharedWords:status.failed' : 'sharedWords:status.finished')
        void desktop.notify({ title: name, body, path: `/runs/${run.id}` })
      }
    })
  }, [t, numbers, outcomeWords])
}
