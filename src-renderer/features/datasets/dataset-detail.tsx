import { Copy, Download, FolderOpen, FolderPlus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetSummary } from '../../../src-main/shared/api.ts'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { missing } from '../../i18n/numbers.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { Button } from '../../ui/button.tsx'
import { KeyValues } from '../../ui/panel.tsx'
import { showToast } from '../../ui/toast.tsx'
import { AddDatasetDialog } from './add-dataset-dialog.tsx'
import { cancelDataset, fetchDataset } from './dataset-actions.ts'
import { DatasetState } from './dataset-progress.tsx'
import styles from './datasets.module.css'

/** Gives a data set that cannot be fetched the reader's own copy. */
function AddCopyButton({ dataset: { id, label } }: { dataset: DatasetSummary }) {
  const { t } = useTranslation('datasets')
  const [adding, setAdding] = useState(false)
  return (
    <>
      <Button size="small" icon={<FolderPlus size={14} />} onClick={() => setAdding(true)}>
        {t('addCopy')}
      </Button>
      <AddDatasetDialog open={adding} onClose={() => setAdding(false)} as={{ id, label }} />
    </>
  )
}

/** The button that a data set needs now: fetch, add, cancel, or nothing. */
export function DatasetAction({ dataset, primary }: { dataset: DatasetSummary; primary?: boolean }) {
  const { t } = useTranslation('datasets')
  const numbers = useNumbers()
  if (dataset.status === 'fetching') {
    return (
      <Button size="small" icon={<X size={14} />} onClick={() => void cancelDataset(dataset.id)}>
        {t('cancel')}
      </Button>
    )
  }
  if (dataset.status === 'ready') return null
  if (dataset.source === 'user') return <AddCopyButton dataset={dataset} />
  return (
    <Button
      size="small"
      {...(primary && { variant: 'primary', size: 'medium' })}
      icon={<Download size={14} />}
      onClick={() => void fetchDataset(dataset.id)}
    >
      {dataset.status === 'failed' ? t('fetchAgain') : t('fetch', { size: numbers.bytes(dataset.downloadBytes) })}
    </Button>
  )
}

/** A data set in full: counts, classes, identity, where it lies, what it is good for. */
export function DatasetDetail({ dataset }: { dataset: DatasetSummary }) {
  const { t } = useTranslation('datasets')
  const numbers = useNumbers()
  const recipes = useEngineStore((state) => state.recipes) ?? []
  const own = recipes.filter(({ recipe }) => recipe.config.data.dataset === dataset.id)
  const [height, width, channels] = dataset.shape
  const { fingerprint, path } = dataset
  const known = dataset.train + dataset.test > 0
  const isToBring = dataset.source === 'user' && dataset.status === 'absent'
  const copy = async () => {
    await navigator.clipboard.writeText(fingerprint ?? '')
    showToast({ title: t('copyFingerprint') })
  }
  return (
    <aside className={styles.detail} aria-label={t('detail')}>
      <div>
        <h2>{dataset.label}</h2>
        <div className={styles.text}>
          {t(isToBring ? 'toBringText' : dataset.benchmark ? 'benchmarkText' : `sources.${dataset.source}`)}
        </div>
      </div>
      <div className={styles.buttons}>
        <DatasetState dataset={dataset} />
        <DatasetAction dataset={dataset} primary />
      </div>
      {dataset.error && <ErrorReportBanner report={dataset.error} inline />}
      <KeyValues
        entries={[
          [t('trainSet'), known ? numbers.count(dataset.train) : missing],
          [t('testSet'), known ? numbers.count(dataset.test) : missing],
          [t('pictureShape'), known ? t(height > 0 ? 'shape' : 'unlikeSizes', { height, width, channels }) : missing],
          [t('source'), t(isToBring ? 'toBring' : `sources.${dataset.source}`)],
          ...(dataset.licence === '' ? [] : [[t('licence'), dataset.licence] as const]),
          ...(path === null ? [] : [[t('path'), <code key="path">{path}</code>] as const]),
          [
            t('fingerprint'),
            fingerprint === null ? (
              t('fingerprintNone')
            ) : (
              <span key="fingerprint" className={styles.fingerprint}>
                {fingerprint}
              </span>
            ),
          ],
        ]}
      />
      {(fingerprint !== null || (path !== null && window.desktop)) && (
        <div className={styles.buttons}>
          {fingerprint !== null && (
            <Button size="small" icon={<Copy size={14} />} onClick={() => void copy()}>
              {t('copyFingerprint')}
            </Button>
          )}
          {path !== null && window.desktop && (
            <Button size="small" icon={<FolderOpen size={14} />} onClick={() => void window.desktop?.revealFile(path)}>
              {t('reveal')}
            </Button>
          )}
        </div>
      )}
      {!isToBring && dataset.classes.length > 0 && (
        <section>
          <h3>{t('classList', { count: dataset.classes.length })}</h3>
          <div className={styles.classes}>
            {dataset.classes.map((name) => (
              <span key={name} className={styles.class}>
                {name}
              </span>
            ))}
          </div>
        </section>
      )}
      {own.length > 0 && (
        <section>
          <h3>{t('recipesFor')}</h3>
          <div className={styles.recipeLinks}>
            {own.map(({ recipe }) => (
              <span key={recipe.id}>
                <a href={`/recipes/${recipe.id}`}>{recipe.title}</a>
              </span>
            ))}
          </div>
        </section>
      )}
    </aside>
  )
}
