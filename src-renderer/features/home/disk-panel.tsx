// What takes room on the disk of the data folder, and the bin that can make some.
import { Folder } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { refreshBin, useStorageStore } from '../../stores/storage-store.ts'
import { Skeleton } from '../../ui/empty-state.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyBin } from '../storage/empty-bin.tsx'
import styles from './home.module.css'

export function DiskPanel() {
  const { t } = useTranslation('home')
  const numbers = useNumbers()
  const use = useStorageStore((state) => state.use)
  const bin = useStorageStore((state) => state.bin)
  const error = useStorageStore((state) => state.error)
  useEffect(() => void refreshBin(), [])
  const parts = use && [
    { name: t('storage.datasets'), bytes: use.datasetsBytes, color: 'var(--series-1)' },
    { name: t('storage.runs'), bytes: use.runsBytes + use.historyBytes, color: 'var(--series-6)' },
    { name: t('storage.bin', { count: bin?.length ?? 0 }), bytes: use.binBytes, color: 'var(--series-8)' },
  ]
  return (
    <Panel flush title={t('storage.title')} note={use && t('storage.free', { size: numbers.bytes(use.freeBytes) })}>
      <div className={styles.diskBody}>
        {error && <ErrorReportBanner inline report={error} onRetry={() => void refreshBin()} />}
        {!parts && !error && <Skeleton lines={4} words={t('storage.reading')} />}
        {use && parts && (
          <>
            <div
              className={styles.diskBar}
              role="img"
              aria-label={t('storage.bar', {
                datasets: numbers.bytes(use.datasetsBytes),
                runs: numbers.bytes(use.runsBytes),
                bin: numbers.bytes(use.binBytes),
                free: numbers.bytes(use.freeBytes),
              })}
            >
              {parts
                .filter(({ bytes }) => bytes > 0)
                .map(({ name, bytes, color }) => (
                  <i key={name} style={{ flexGrow: bytes, background: color }} />
                ))}
              <i style={{ flexGrow: use.freeBytes, background: 'var(--surface-3)' }} />
            </div>
            <div>
              {parts.map(({ name, bytes, color }) => (
                <div key={name} className={styles.diskRow}>
                  <i className={styles.swatch} style={{ background: color }} />
                  <span>{name}</span>
                  <span>{numbers.bytes(bytes)}</span>
                </div>
              ))}
            </div>
            <EmptyBin />
            <div className={styles.diskFolder}>
              <Folder size={14} aria-label={t('storage.folder')} />
              <code title={use.dataFolder}>{use.dataFolder}</code>
            </div>
          </>
        )}
      </div>
    </Panel>
  )
}
