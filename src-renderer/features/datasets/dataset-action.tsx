import { Download, FolderPlus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { DatasetSummary } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { openAddDataset } from '../../stores/ui-store.ts'
import { Button } from '../../ui/button.tsx'
import { cancelDataset, fetchDataset } from './dataset-actions.ts'

/** The button that a data set needs now: fetch, add, cancel, or nothing. */
export function DatasetAction({ dataset, primary = false }: { dataset: DatasetSummary; primary?: boolean }) {
  const { t } = useTranslation('datasets')
  const numbers = useNumbers()
  const { id, label, status, source, path } = dataset
  const look = primary ? ({ variant: 'primary' } as const) : ({ size: 'small' } as const)
  if (status === 'ready') return null
  if (status === 'fetching') {
    return (
      <Button size={primary ? 'medium' : 'small'} icon={<X size={14} />} onClick={() => void cancelDataset(id)}>
        {t('cancel')}
      </Button>
    )
  }
  if (source === 'user') {
    return (
      <Button
        {...look}
        icon={<FolderPlus size={14} />}
        onClick={() => openAddDataset({ as: { id, label }, ...(path !== null && { path }) })}
      >
        {t(status === 'failed' ? 'addAgain' : 'addCopy')}
      </Button>
    )
  }
  const fetchWords = () =>
    source === 'shipped' ? t('prepare') : t('fetch', { size: numbers.bytes(dataset.downloadBytes) })
  return (
    <Button {...look} icon={<Download size={14} />} onClick={() => void fetchDataset(id)}>
      {status === 'failed' ? t('fetchAgain') : fetchWords()}
    </Button>
  )
}
