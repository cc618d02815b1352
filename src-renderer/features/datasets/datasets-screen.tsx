import { FolderPlus, Images } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { DatasetSummary } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { missing } from '../../i18n/numbers.ts'
import { navigate } from '../../router/router.ts'
import { routePath } from '../../router/routes.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { openAddDataset } from '../../stores/ui-store.ts'
import text from '../../styles/text.module.css'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { EmptyState, Skeleton } from '../../ui/empty-state.tsx'
import { Page, PageBody, PageHead } from '../../ui/panel.tsx'
import { isOnControl, useRowFocus } from '../../ui/row-focus.ts'
import { HeadCell, NumberCell, Table } from '../../ui/table.tsx'
import { DatasetAction } from './dataset-action.tsx'
import { DatasetState } from './dataset-progress.tsx'
import styles from './datasets.module.css'
import { LayoutDrawing } from './layout-drawing.tsx'

const open = (datasetId: string) => navigate({ view: 'dataset', datasetId, tab: 'health' })

function DatasetRow({ dataset, tabIndex }: { dataset: DatasetSummary; tabIndex: number }) {
  const { t } = useTranslation('datasets')
  const numbers = useNumbers()
  const [height, width, channels] = dataset.shape
  const known = dataset.train + dataset.test > 0
  const isToBring = dataset.source === 'user' && dataset.status === 'absent'
  return (
    <tr
      data-interactive
      data-row={dataset.id}
      tabIndex={tabIndex}
      onClick={(event) => !isOnControl(event) && open(dataset.id)}
    >
      <td>
        <span className={styles.name}>
          <a href={routePath({ view: 'dataset', datasetId: dataset.id, tab: 'health' })} tabIndex={-1}>
            {dataset.label}
          </a>
          {dataset.benchmark && <span className={styles.tag}>{t('benchmark')}</span>}
        </span>
      </td>
      <td>
        <DatasetState dataset={dataset} />
      </td>
      <NumberCell>{known ? numbers.count(dataset.train) : missing}</NumberCell>
      <NumberCell>{known ? numbers.count(dataset.test) : missing}</NumberCell>
      <NumberCell>{known ? numbers.count(dataset.classes.length) : missing}</NumberCell>
      <td className={styles.dim}>
        {known ? t(height > 0 ? 'shape' : 'unlikeSizes', { height, width, channels }) : missing}
      </td>
      <td className={classNames(styles.dim, styles.optional)}>
        <span className={styles.source} title={dataset.path ?? undefined}>
          {dataset.source === 'user' && dataset.path !== null
            ? dataset.path
            : t(isToBring ? 'toBring' : `sources.${dataset.source}`)}
        </span>
      </td>
      <td className={styles.action}>
        <DatasetAction dataset={dataset} />
      </td>
    </tr>
  )
}

function DatasetTable({ datasets }: { datasets: readonly DatasetSummary[] }) {
  const { t } = useTranslation('datasets')
  const ids = datasets.map(({ id }) => id)
  const { tabIndexOf, onKeyDown } = useRowFocus(ids, null, { onOpen: open })
  return (
    <Table wide stickyHead onKeyDown={onKeyDown}>
      <thead>
        <tr>
          <HeadCell>{t('name')}</HeadCell>
          <HeadCell>{t('state')}</HeadCell>
          <HeadCell number>{t('trainSet')}</HeadCell>
          <HeadCell number>{t('testSet')}</HeadCell>
          <HeadCell number>{t('classes')}</HeadCell>
          <HeadCell>{t('size')}</HeadCell>
          <th scope="col" className={styles.optional}>
            {t('source')}
          </th>
          <th scope="col">
            <span className={text.hidden}>{t('action')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {datasets.map((dataset) => (
          <DatasetRow key={dataset.id} dataset={dataset} tabIndex={tabIndexOf(dataset.id)} />
        ))}
      </tbody>
    </Table>
  )
}

/** All data sets that this machine has or knows. */
export function DatasetsScreen() {
  const { t } = useTranslation('datasets')
  const datasets = useEngineStore((state) => state.datasets)
  const addButton = (
    <Button variant="primary" icon={<FolderPlus size={14} />} onClick={() => openAddDataset()}>
      {t('add')}
    </Button>
  )
  return (
    <Page>
      <PageHead title={t('title')} facts={t('facts')} actions={addButton} />
      <PageBody className={styles.list}>
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
            <LayoutDrawing />
          </div>
        )}
        {datasets && datasets.length > 0 && <DatasetTable datasets={datasets} />}
      </PageBody>
    </Page>
  )
}
