import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { addDataset } from './dataset-actions.ts'
import styles from './datasets.module.css'
import { FolderBrowser, type PickedPath } from './folder-browser.tsx'

interface AddDatasetDialogProps {
  open: boolean
  onClose: () => void
  /** The data set that the folder becomes; a new one named after the folder without it. */
  as?: { id: string; label: string }
}

/** Chooses a folder of class folders, or a benchmark's own files: by the system's dialog on desktop, else here. */
export function AddDatasetDialog({ open, onClose, as }: AddDatasetDialogProps) {
  const { t } = useTranslation('datasets')
  const title = as ? t('addCopyTitle', { name: as.label }) : t('addTitle')
  return (
    <Dialog open={open} onClose={onClose} title={title} text={t(as ? 'addCopyText' : 'addText')} wide>
      {open && <AddDatasetForm onClose={onClose} id={as?.id} />}
    </Dialog>
  )
}

function AddDatasetForm({ onClose, id }: { onClose: () => void; id: string | undefined }) {
  const { t } = useTranslation(['datasets', 'sharedWords'])
  const [picked, setPicked] = useState<PickedPath | null>(null)
  const [skip, setSkip] = useState(false)
  const [busy, setBusy] = useState(false)
  const { desktop } = window

  const pickInWindow = async (kind: PickedPath['kind']) => {
    const path = await (kind === 'folder' ? desktop?.pickFolder() : desktop?.pickFile())
    if (path) setPicked({ path, kind })
  }
  const add = async () => {
    if (!picked) return
    setBusy(true)
    const brokenPictures = skip ? 'skip' : 'refuse'
    const added = await addDataset({ path: picked.path, brokenPictures, ...(id === undefined ? {} : { id }) })
    setBusy(false)
    if (added) onClose()
  }

  return (
    <>
      {desktop ? (
        <>
          <div className={styles.buttons}>
            <Button onClick={() => void pickInWindow('folder')}>{t('datasets:pickInWindow')}</Button>
            <Button onClick={() => void pickInWindow('file')}>{t('datasets:pickFileInWindow')}</Button>
          </div>
          {picked && <code className={styles.fingerprint}>{picked.path}</code>}
        </>
      ) : (
        <FolderBrowser picked={picked} onPick={setPicked} />
      )}
      <div className={styles.option}>
        <Checkbox checked={skip} onChange={setSkip}>
          {t('datasets:skipBroken')}
        </Checkbox>
        <span className={styles.optionHint}>{t('datasets:skipBrokenHint')}</span>
      </div>
      <div className={styles.buttons} style={{ justifyContent: 'flex-end' }}>
        <Button variant="ghost" keys="Esc" onClick={onClose}>
          {t('sharedWords:cancel')}
        </Button>
        <Button variant="primary" disabled={!picked} busy={busy} onClick={() => void add()}>
          {t(picked?.kind === 'file' ? 'datasets:useFile' : 'datasets:useThis')}
        </Button>
      </div>
    </>
  )
}
