import { useTranslation } from 'react-i18next'
import type { DatasetSummary } from '../../../src-main/shared/api.ts'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { missing } from '../../i18n/numbers.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { KeyValues, Panel } from '../../ui/panel.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import styles from './dataset-page.module.css'
import { useProgressWords } from './dataset-progress.tsx'
import { LayoutDrawing } from './layout-drawing.tsx'

function Arrival({ dataset }: { dataset: DatasetSummary }) {
  const { t } = useTranslation('datasets')
  const { state, done, pace } = useProgressWords(dataset)
  const { progress } = dataset
  const total = progress?.total ?? 0
  return (
    <Panel title={progress?.text || state} note={t('canBeLeft')}>
      <div className={styles.arrival}>
        <ProgressBar
          value={total > 0 ? (progress?.done ?? 0) / total : null}
          label={dataset.label}
          text={t('progressText', { name: dataset.label, done: done || state })}
        />
        <div className={styles.arrivalWords}>
          <span>{done || state}</span>
          <span>{pace}</span>
        </div>
      </div>
    </Panel>
  )
}

/** A data set that is not ready: how far it is or why it failed, what it holds, and what it is for. */
export function DatasetAbout({ dataset }: { dataset: DatasetSummary }) {
  const { t } = useTranslation('datasets')
  const numbers = useNumbers()
  const recipes = useEngineStore((state) => state.recipes) ?? []
  const own = recipes.filter(({ recipe }) => recipe.config.data.dataset === dataset.id)
  const [height, width, channels] = dataset.shape
  const known = dataset.train + dataset.test > 0
  const isToBring = dataset.source === 'user' && dataset.status === 'absent'
  return (
    <div className={styles.about}>
      {dataset.status === 'fetching' && <Arrival dataset={dataset} />}
      {dataset.error && <ErrorReportBanner report={dataset.error} inline />}
      <Panel title={t('about')}>
        {(isToBring || dataset.benchmark) && (
          <p className={styles.text}>{t(isToBring ? 'toBringText' : 'benchmarkText')}</p>
        )}
        <KeyValues
          entries={[
            [t('trainSet'), known ? numbers.count(dataset.train) : missing],
            [t('testSet'), known ? numbers.count(dataset.test) : missing],
            [t('classes'), known ? numbers.count(dataset.classes.length) : missing],
            [t('pictureShape'), known ? t(height > 0 ? 'shape' : 'unlikeSizes', { height, width, channels }) : missing],
            ...(dataset.licence === '' ? [] : [[t('licence'), dataset.licence] as const]),
            ...(dataset.path === null ? [] : [[t('path'), <code key="path">{dataset.path}</code>] as const]),
          ]}
        />
      </Panel>
      {isToBring && <LayoutDrawing />}
      {own.length > 0 && (
        <Panel title={t('recipesFor')}>
          <div className={styles.recipeLinks}>
            {own.map(({ recipe }) => (
              <a key={recipe.id} href={`/recipes/${recipe.id}`}>
                {recipe.title}
              </a>
            ))}
          </div>
        </Panel>
      )}
    </div>
  )
}
