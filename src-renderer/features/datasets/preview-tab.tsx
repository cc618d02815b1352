import { useTranslation } from 'react-i18next'
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { setChoice, useChoice } from '../../stores/ui-store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageBody } from '../../ui/panel.tsx'
import { Select } from '../../ui/select.tsx'
import { InputsPreview } from '../inputs-preview/inputs-preview.tsx'
import styles from './dataset-page.module.css'

const noChanges = {}

/** What a recipe makes of this data set's pictures. Recipes of the data set and of pictures like its own come first; the last choice is kept. */
export function PreviewTab({ datasetId }: { datasetId: string }) {
  const { t } = useTranslation('dataset')
  const recipes = useEngineStore((state) => state.recipes) ?? []
  const chosen = useChoice(`preview of ${datasetId}`, '')
  const datasets = useEngineStore((state) => state.datasets) ?? []
  const shapeOf = (id: string) => datasets.find((one) => one.id === id)?.shape.join()
  const isOwn = (summary: RecipeSummary) => summary.recipe.config.data.dataset === datasetId
  /** 0 for recipes of the data set, 1 for those of pictures like its own, 2 for others. */
  const distance = (summary: RecipeSummary) =>
    isOwn(summary) ? 0 : shapeOf(summary.recipe.config.data.dataset) === shapeOf(datasetId) ? 1 : 2
  const offered = [...recipes].sort((a, b) => distance(a) - distance(b))
  const summary = offered.find(({ recipe }) => recipe.id === chosen) ?? offered[0]
  if (!summary) return <EmptyState title={t('noRecipes')}>{t('noRecipesText')}</EmptyState>
  return (
    <PageBody className={styles.padded}>
      <div className={styles.previewChoice}>
        <Select
          aria-label={t('previewRecipe')}
          value={summary.recipe.id}
          options={offered.map(({ recipe, datasetLabel }) => ({
            value: recipe.id,
            label: recipe.title,
            ...(recipe.config.data.dataset !== datasetId && { note: datasetLabel }),
          }))}
          onChange={(id) => setChoice(`preview of ${datasetId}`, id)}
        />
        <span className={styles.text}>{t('previewText')}</span>
      </div>
      <InputsPreview
        recipeId={summary.recipe.id}
        changes={isOwn(summary) ? noChanges : { 'data.dataset': datasetId }}
        datasetId={datasetId}
      />
    </PageBody>
  )
}
