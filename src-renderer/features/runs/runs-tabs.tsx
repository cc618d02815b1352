import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNumbers } from '../../i18n/i18n.ts'
import { useRunsStore } from '../../stores/runs-store.ts'
import { refreshStorage, useStorageStore } from '../../stores/storage-store.ts'
import { Tabs } from '../../ui/tabs.tsx'

/** The history and the bin, each an address. */
export function RunsTabs({ current }: { current: 'runs' | 'bin' }) {
  const { t } = useTranslation('runs')
  const numbers = useNumbers()
  const runs = useRunsStore((state) => state.runs)
  const binBytes = useStorageStore((state) => state.use?.binBytes)
  useEffect(() => void refreshStorage(), [])
  return (
    <Tabs
      label={t('tabsLabel')}
      current={current}
      tabs={[
        { id: 'runs', label: t('title'), href: '/runs', ...(runs && { count: numbers.count(runs.length) }) },
        { id: 'bin', label: t('bin.title'), href: '/bin', ...(binBytes ? { count: numbers.bytes(binBytes) } : {}) },
      ]}
    />
  )
}
