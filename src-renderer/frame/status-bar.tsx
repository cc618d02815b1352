import { Cpu, HardDrive, ListOrdered, Radio, ShieldCheck } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { MachineInfo } from '../../src-main/shared/api.ts'
import { useLanguage, useNumbers } from '../i18n/i18n.ts'
import { changeSettings, refreshMachine, useEngineStore } from '../stores/engine-store.ts'
import { useQueueStore } from '../stores/queue-store.ts'
import { brokenOffRuns, liveRuns, queuedRuns, useRunsStore } from '../stores/runs-store.ts'
import { classNames } from '../ui/class-names.ts'
import { Menu } from '../ui/menu.tsx'
import { Popover } from '../ui/popover.tsx'
import { attempt } from './attempt.ts'
import styles from './status-bar.module.css'

const refreshEvery = 15_000

function useEngineWords(machine: MachineInfo | null): { text: string; tone: 'plain' | 'warn' | 'danger' } {
  const { t } = useTranslation('frame')
  const numbers = useNumbers()
  const connection = useEngineStore((state) => state.connection)
  const everOnline = useEngineStore((state) => state.everOnline)
  if (connection !== 'online' && everOnline) return { text: t('engine.restarting'), tone: 'warn' }
  if (machine === null) return { text: t('engine.connecting'), tone: 'plain' }
  const { tensorflow, progress } = machine.setup
  if (tensorflow === 'missing') return { text: t('engine.missing'), tone: 'warn' }
  if (tensorflow === 'failed') return { text: t('engine.failed'), tone: 'danger' }
  if (tensorflow === 'installing') {
    const share = progress && progress.totalBytes > 0 ? progress.doneBytes / progress.totalBytes : null
    if (share === null) return { text: t('engine.installing'), tone: 'warn' }
    return { text: t('engine.installingProgress', { progress: numbers.progress(share) }), tone: 'warn' }
  }
  return {
    text: t('engine.ready', { device: machine.gpu ?? t('cpuThreads', { count: machine.cores }) }),
    tone: 'plain',
  }
}

function RunCounts() {
  const { t } = useTranslation('frame')
  const { t: shared } = useTranslation('sharedWords')
  const runs = useRunsStore((state) => state.runs)
  const held = useQueueStore((state) => state.held)
  const count = { running: liveRuns(runs).length, stopped: brokenOffRuns(runs).length, queued: queuedRuns(runs).length }
  const words = [
    ...(count.running > 0 ? [t('countRunning', { count: count.running })] : []),
    ...(count.stopped > 0 ? [t('countStopped', { count: count.stopped })] : []),
    ...(count.queued > 0 ? [t(held ? 'countWaiting' : 'countQueued', { count: count.queued })] : []),
  ]
  return words.length > 0 ? words.join(shared('listSeparator')) : t('nothingRunning')
}

function NetworkRequests({ requests }: { requests: MachineInfo['networkRequests'] }) {
  const { t } = useTranslation('frame')
  const numbers = useNumbers()
  return (
    <Popover
      side="top"
      align="end"
      title={t('networkTitle')}
      trigger={
        <button
          type="button"
          className={styles.item}
          aria-label={t('networkRequests', { count: requests.length })}
          title={t('networkRequests', { count: requests.length })}
        >
          <ShieldCheck size={13} aria-hidden />
          <span className={styles.optional}>{t('networkRequests', { count: requests.length })}</span>
          <span className={styles.short}>{requests.length}</span>
        </button>
      }
    >
      <div className={styles.requests}>
        {requests.length === 0 && <span className={styles.none}>{t('networkNone')}</span>}
        {[...requests].reverse().map(({ at, what }) => (
          <div key={`${at} ${what}`} className={styles.request}>
            <time dateTime={new Date(at).toISOString()}>{numbers.clock(at)}</time>
            <span>{what}</span>
          </div>
        ))}
      </div>
    </Popover>
  )
}

function LanguageMenu() {
  const { t } = useTranslation('frame')
  const language = useLanguage()
  const setting = useEngineStore((state) => state.settings?.language)
  const name = language === 'zh' ? '简体中文' : 'English'
  const choose = (value: 'system' | 'en' | 'zh') => () => void attempt(() => changeSettings({ language: value }))
  const { t: tSettings } = useTranslation('settings')
  return (
    <Menu
      side="top"
      align="end"
      trigger={
        <button type="button" className={styles.item} aria-label={`${t('language')}: ${name}`}>
          {name}
        </button>
      }
      entries={[
        { label: tSettings('system'), checked: setting === 'system', onSelect: choose('system') },
        { label: 'English', checked: setting === 'en', onSelect: choose('en') },
        { label: '简体中文', checked: setting === 'zh', onSelect: choose('zh') },
      ]}
    />
  )
}

/** Engine and device, runs, free disk; at the right network requests, the machine's name, language. */
export function StatusBar() {
  const { t } = useTranslation('frame')
  const numbers = useNumbers()
  const machine = useEngineStore((state) => state.machine)
  const stale = useEngineStore((state) => state.connection !== 'online')
  const engine = useEngineWords(machine)
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && machine) void refreshMachine()
    }, refreshEvery)
    return () => clearInterval(timer)
  }, [machine])
  return (
    <footer className={styles.bar}>
      <a
        href="/settings/compute"
        className={classNames(styles.item, styles.first, engine.tone !== 'plain' && styles[engine.tone])}
      >
        <Cpu size={13} aria-hidden />
        {engine.text}
      </a>
      <a href="/runs" className={classNames(styles.item, stale && styles.stale)}>
        <ListOrdered size={13} aria-hidden />
        <RunCounts />
      </a>
      {machine && (
        <a href="/settings/storage" className={classNames(styles.item, stale && styles.stale)}>
          <HardDrive size={13} aria-hidden />
          {t('diskFree', { size: numbers.bytes(machine.diskFreeBytes) })}
        </a>
      )}
      <span className={styles.gap} />
      {machine?.openTo && (
        <a
          href="/settings/network"
          className={classNames(styles.item, styles.warn)}
          title={t('openToOthers', { address: machine.openTo })}
        >
          <Radio size={13} aria-hidden />
          {t('openToOthersShort')}
        </a>
      )}
      {machine && <NetworkRequests requests={machine.networkRequests} />}
      {machine && <span className={classNames(styles.item, styles.optional)}>{machine.name}</span>}
      <LanguageMenu />
    </footer>
  )
}
