import { FolderPlus, Images } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetSummary } from '../../../src-main/shared/api.ts'
import { useMediaQuery } from '../../frame/use-media-query.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { missing } from '../../i18n/numbers.ts'
import { navigate } from '../../router/router.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Sheet } from '../../ui/dialog.tsx'
import { EmptyState, Skeleton } from '../../ui/empty-state.tsx'
import { Page, PageBody, PageHead } from '../../ui/panel.tsx'
import { isOnControl, useRowFocus } from '../../ui/row-focus.ts'
import { HeadCell, NumberCell, Table } from '../../ui/table.tsx'
import { AddDatasetDialog } from './add-dataset-dialog.tsx'
import { DatasetAction, DatasetDetail } from './dataset-detail.tsx'
import { DatasetState } from './dataset-progress.tsx'
import styles from './datasets.module.css'

function DatasetRow(props: { dataset: DatasetSummary; selected: boolean; tabIndex: number; onSelect: () => void }) {
  const { dataset, selected, tabIndex, onSelect } = props
  const { t } = useTranslation('datasets')
  const numbers = useNumbers()
  const [height, width, channels] = dataset.shape
  const known = dataset.train + dataset.test > 0
  return (
    <tr
      data-interactive
      data-selected={selected || undefined}
      data-row={dataset.id}
      aria-current={selected || undefined}
      tabIndex={tabIndex}
      onClick={(event) => !isOnControl(event) && onSelect()}
    >
      <td>
        <span className={styles.name}>
          {dataset.label}
          {dataset.benchmark && <span className={styles.tag}>{t('benchmark')}</span>}
        </span>
      </td>
      <td>
        <DatasetState dataset={dataset} />
      </td>
      <NumberCell>{known ? numbers.count(dataset.train + dataset.test) : missing}</NumberCell>
      <NumberCell className={styles.optional}>{known ? numbers.count(dataset.classes.length) : missing}</NumberCell>
      <td className={classNames(styles.dim, styles.optional)}>
        {known ? t(height > 0 ? 'shape' : 'unlikeSizes', { height, width, channels }) : missing}
      </td>
      <td className={styles.dim}>
        {t(dataset.source === 'user' && dataset.status === 'absent' ? 'toBring' : `sources.${dataset.source}`)}
      </td>
      <td className={styles.action}>
        <DatasetAction dataset={dataset} />
      </td>
    </tr>
  )
}

function DatasetTable(props: {
  datasets: readonly DatasetSummary[]
  selectedId: string | null
  onSelect: (id: string) => void
}) {
  const { datasets, selectedId, onSelect } = props
  const { t } = useTranslation('datasets')
  const { tabIndexOf, onKeyDown } = useRowFocus(
    datasets.map(({ id }) => id),
    selectedId,
    { onMove: onSelect, onOpen: onSelect },
  )
  return (
    <Table wide stickyHead onKeyDown={onKeyDown}>
      <thead>
        <tr>
          <HeadCell>{t('name')}</HeadCell>
          <HeadCell>{t('state')}</HeadCell>
          <HeadCell number>{t('pictures')}</HeadCell>
          <th scope="col" className={styles.optional} style={{ textAlign: 'right' }}>
            {t('classes')}
          </th>
          <th scope="col" className={styles.optional}>
            {t('size')}
          </th>
          <HeadCell>{t('source')}</HeadCell>
          <th scope="col" aria-label={t('fetchAgain')} />
        </tr>
      </thead>
      <tbody>
        {datasets.map((dataset) => (
          <DatasetRow
            key={dataset.id}
            dataset={dataset}
            selected={dataset.id === selectedId}
            tabIndex={tabIndexOf(dataset.id)}
            onSelect={() => onSelect(dataset.id)}
          />
        ))}
      </tbody>
    </Table>
  )
}

/** All data sets that this machine has or knows, and one of them in full at the side. */
export function DatasetsScreen({ datasetId }: { datasetId: string | null }) {
  const { t } = useTranslation('datasets')
  const datasets = useEngineStore((state) => state.datasets)
  const wide = useMediaQuery('(min-width: 1200px)')
  const [adding, setAdding] = useState(false)
  const chosen = datasets?.find(({ id }) => id === datasetId) ?? (wide ? datasets?.[0] : undefined)
  const select = (id: string | null) => navigate({ view: 'datasets', datasetId: id }, { replace: datasetId !== null })
  const addButton = (
    <Button icon={<FolderPlus size={14} />} onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  )
  return (
    <Page>
      <PageHead title={t('title')} actions={addButton} />
      <div className={classNames(styles.columns, (!wide || !chosen) && styles.single)}>
        <PageBody>
          {datasets === null && (
            <div className={styles.nothing}>
              <Skeleton words={t('readingDatasets')} />
            </div>
          )}
          {datasets?.length === 0 && (
            <div className={styles.nothing}>
              <EmptyState icon={<Images size={20} />} title={t('emptyTitle')} actions={addButton}>
                {t('emptyText')}
              </EmptyState>
            </div>
          )}
          {datasets && datasets.length > 0 && (
            <DatasetTable datasets={datasets} selectedId={chosen?.id ?? null} onSelect={select} />
          )}
        </PageBody>
        {wide && chosen && <DatasetDetail dataset={chosen} />}
      </div>
      {!wide && (
        <Sheet open={chosen !== undefined} onClose={() => select(null)} label={t('detail')}>
          {chosen && <DatasetDetail dataset={chosen} />}
        </Sheet>
      )}
      <AddDatasetDialog open={adding} onClose={() => setAdding(false)} />
    </Page>
  )
}
