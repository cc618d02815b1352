import { CornerLeftUp, FileArchive, Folder } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FolderListing } from '../../../src-main/shared/api.ts'
import { type ErrorReport, toErrorReport } from '../../../src-main/shared/errors.ts'
import { engineClient } from '../../client/current-client.ts'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/empty-state.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './datasets.module.css'

export interface FolderBrowserProps {
  /** The chosen folder or file; empty before one is chosen. */
  path: string
  onPick: (path: string) => void
}

/** Folders and files of the machine on which the engine runs. The open folder is the chosen one, until a file is. */
export function FolderBrowser({ path: picked, onPick }: FolderBrowserProps) {
  const { t } = useTranslation('datasets')
  const [listing, setListing] = useState<FolderListing | null>(null)
  const [error, setError] = useState<ErrorReport | null>(null)

  const open = async (path?: string) => {
    try {
      const next = await engineClient().folders.list(path)
      setListing(next)
      setError(null)
      if (path !== undefined) onPick(next.path)
    } catch (thrown) {
      setError(toErrorReport(thrown))
    }
  }
  useEffect(() => {
    void open()
  }, [])

  if (error && !listing) return <ErrorReportBanner report={error} onRetry={() => void open()} inline />
  if (!listing) return <Skeleton words={t('readingFolder')} />
  const root = listing.roots.find((path) => listing.path.startsWith(path)) ?? listing.path
  return (
    <>
      <div className={styles.pathRow}>
        <IconButton
          variant="plain"
          label={t('up')}
          icon={<CornerLeftUp size={14} />}
          disabled={listing.parent === null}
          onClick={() => void open(listing.parent ?? undefined)}
        />
        <Select
          aria-label={t('roots')}
          value={root}
          options={[...new Set([root, ...listing.roots])].map((path) => ({ value: path, label: path }))}
          onChange={(path) => void open(path)}
        />
      </div>
      {error && <ErrorReportBanner report={error} inline />}
      <section className={styles.listing} aria-label={t('foldersAndFiles')}>
        {listing.entries.length === 0 && <div className={styles.nothing}>{t('emptyFolder')}</div>}
        {listing.entries.map((entry) => (
          <button
            key={entry.path}
            type="button"
            className={styles.entry}
            aria-pressed={picked === entry.path}
            onClick={() => (entry.kind === 'folder' ? void open(entry.path) : onPick(entry.path))}
          >
            {entry.kind === 'folder' ? <Folder size={14} aria-hidden /> : <FileArchive size={14} aria-hidden />}
            {entry.name}
          </button>
        ))}
      </section>
    </>
  )
}
