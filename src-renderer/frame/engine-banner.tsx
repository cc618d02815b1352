import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HostState } from '../../src-main/shared/desktop-bridge.ts'
import { useNumbers } from '../i18n/i18n.ts'
import { refreshEngine, useEngineStore } from '../stores/engine-store.ts'
import { Button } from '../ui/button.tsx'
import { Banner } from '../ui/note.tsx'
import { ErrorReportBanner } from './error-report-banner.tsx'

/** Short breaks are not worth a banner. */
const patience = 1200

function useHostState(): HostState | null {
  const [state, setState] = useState<HostState | null>(null)
  useEffect(() => {
    const { desktop } = window
    if (!desktop) return
    void desktop.hostState().then(setState)
    return desktop.onHostState(setState)
  }, [])
  return state
}

/** True when the connection has been away for longer than a blink. */
function useAwayForLong(away: boolean): boolean {
  const [long, setLong] = useState(false)
  useEffect(() => {
    if (!away) {
      setLong(false)
      return
    }
    const timer = setTimeout(() => setLong(true), patience)
    return () => clearTimeout(timer)
  }, [away])
  return away && long
}

/** Above every view: the engine restarts, is gone, or does not know this page. */
export function EngineBanner() {
  const { t } = useTranslation(['frame', 'sharedWords'])
  const numbers = useNumbers()
  const { connection, everOnline, awaySince, error } = useEngineStore()
  const host = useHostState()
  const away = useAwayForLong(connection === 'away' || connection === 'connecting')
  if (host?.status === 'failed') {
    return (
      <ErrorReportBanner
        report={host.error}
        actions={
          <Button size="small" onClick={() => void window.desktop?.restartHost()}>
            {t('frame:restartHost')}
          </Button>
        }
      />
    )
  }
  if (connection === 'unauthorized') {
    return (
      <Banner tone="danger" title={t('frame:unauthorizedTitle')}>
        {t('frame:unauthorizedText')}
      </Banner>
    )
  }
  if (away && everOnline) {
    return (
      <Banner tone="warn" restarting title={t('frame:restartingTitle')}>
        {awaySince === null
          ? t('frame:restartingText')
          : t('frame:restartingTextSince', { time: numbers.clock(awaySince) })}
      </Banner>
    )
  }
  if (away) {
    return (
      <Banner tone="danger" title={t('frame:noEngineTitle')}>
        {t('frame:noEngineText')}
      </Banner>
    )
  }
  if (error && connection === 'online') {
    return <ErrorReportBanner report={error} onRetry={() => void refreshEngine()} />
  }
  return null
}
