import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { addDataset } from './dataset-actions.ts'
import styles from './datasets.module.css'
import { FolderBrowser, type PickedPath } from './folder-browser.tsx'

/** Chooses a folder of class folders, or a benchmark's own files: by the system's dialog on desktop, else here. */
export function AddDatasetDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('datasets')
  return (
    <Dialog open={open} onClose={onClose} title={t('addTitle')} text={t('addText')} wide>
      {open && <AddDatasetForm onClose={onClose} />}
    </Dialog>
  )
}

function AddDatasetForm({ onClose }: { onClose: () => void }) {
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
    const added = await addDataset({ path: picked.path, brokenPictures: skip ? 'skip' : 'refuse' })
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
