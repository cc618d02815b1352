// Empties the bin, after a question in place: what was deleted does not come back.
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { refreshMachine } from '../../stores/engine-store.ts'
import { refreshBin, useStorageStore } from '../../stores/storage-store.ts'
import { Button } from '../../ui/button.tsx'
import { showToast } from '../../ui/toast.tsx'
import styles from './storage.module.css'

/** Nothing while the bin is empty or not read yet. */
export function EmptyBin() {
  const { t } = useTranslation(['home', 'sharedWords'])
  const numbers = useNumbers()
  const bin = useStorageStore((state) => state.bin)
  const binBytes = useStorageStore((state) => state.use?.binBytes)
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  if (!bin || bin.length === 0) return null
  const size = numbers.bytes(binBytes)
  const empty = async () => {
    setBusy(true)
    const freed = await attempt(() => engineClient().storage.emptyBin())
    setBusy(false)
    setAsking(false)
    if (freed !== null) showToast({ title: t('home:storage.emptied', { size: numbers.bytes(freed) }) })
    await Promise.all([refreshBin(), refreshMachine()])
  }
  if (!asking) {
    return (
      <Button size="small" icon={<Trash2 size={14} />} onClick={() => setAsking(true)}>
        {t('home:storage.emptyBin', { size })}
      </Button>
    )
  }
  return (
    <div className={styles.question} role="alert">
      <span>{t('home:storage.question', { count: bin.length })}</span>
      <span className={styles.answers}>
        <Button size="small" variant="danger" busy={busy} onClick={() => void empty()}>
          {t('home:storage.delete', { count: bin.length })}
        </Button>
        <Button size="small" autoFocus onClick={() => setAsking(false)}>
          {t('sharedWords:cancel')}
        </Button>
      </span>
    </div>
  )
}
